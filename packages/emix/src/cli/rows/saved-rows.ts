import type { Dtype, MissingOption, Place, RowBatch, RowCounts } from "@emix/core";
import { rowsGiven, storedRows } from "@emix/core";
import { nearest, type Reading, type RowsFile, type TextBatch, unknownColumn } from "@emix/io";
import type { LoadedFile } from "../../loaded-file.ts";

/** Saved points as the rows of a file. A row that was left out when they were saved lacks its numbers. */
export class SavedRows implements RowsFile {
  readonly path: string;
  readonly features: number;
  readonly dtype: Dtype;
  readonly weighted: boolean;
  readonly columns: readonly string[];
  readonly #points: LoadedFile;

  constructor(path: string, points: LoadedFile) {
    const { features, dtype, pointWeights } = points.tiles;
    this.path = path;
    this.features = features;
    this.dtype = dtype;
    this.weighted = pointWeights !== null;
    this.columns = points.columns;
    this.#points = points;
  }

  get allColumns(): readonly string[] {
    return this.columns;
  }

  count(_missing: MissingOption): RowCounts {
    return { rows: rowsGiven(this.#points.tiles), complete: this.#points.tiles.count };
  }

  batches(): Iterable<RowBatch> {
    return storedRows(this.#points.tiles);
  }

  place(row?: number, column?: number): Place {
    const name = column === undefined ? undefined : (this.columns[column] ?? "weight");
    const parts = [
      row === undefined ? [] : `row ${row + 1}`,
      name === undefined ? [] : `column ${JSON.stringify(name)}`,
    ];
    const inside = parts.flat().join(", ");
    return {
      words: inside === "" ? this.path : `${inside} of ${this.path} (rows counted from 1)`,
      details: {
        path: this.path,
        ...(row !== undefined && { row: row + 1 }),
        ...(name !== undefined && { column: name }),
      },
    };
  }

  /** @throws UNKNOWN_COLUMN */
  async *texts(names: readonly string[]): AsyncGenerator<TextBatch> {
    const indices = names.map((name) => {
      const index = this.columns.indexOf(name);
      if (index < 0) throw unknownColumn(this.path, name, this.columns, nearest(name, this.columns));
      return index;
    });
    for (const { rowCount, columns } of this.batches()) {
      const textOf = (index: number) => {
        const { values, offset, stride } = columns[index];
        return Array.from({ length: rowCount }, (_, row) => show(values[offset + row * stride]));
      };
      yield { rowCount, columns: indices.map(textOf) };
    }
  }

  reading(): Reading {
    return this.#points.reading;
  }

  async close(): Promise<void> {
    this.#points.dispose();
  }
}

function show(value: number): string | null {
  return Number.isNaN(value) ? null : String(value);
}
