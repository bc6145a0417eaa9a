import type { Dtype, MissingOption, Place, PointSource, RowBatch, RowCounts } from "@emix/core";
import type { Chosen, ChosenColumn, ColumnChoice } from "./columns.ts";
import { oneLine } from "./errors.ts";

/** What opening a file takes from the options. */
export interface OpenOptions extends ColumnChoice {
  /** Infinity for all rows. */
  readonly limit: number;
  readonly header: boolean | undefined;
  /** undefined: as the file holds its numbers. */
  readonly dtype: Dtype | undefined;
}

/** An open file of points. Rows are counted from 1 in its messages, without a header. */
export abstract class FilePoints implements PointSource {
  readonly path: string;
  readonly dtype: Dtype;
  readonly features: number;
  readonly weighted: boolean;
  /** The features' columns as `FileOptions.columns` takes them, d. */
  readonly columns: readonly string[];
  /** Those of the features, then that of the weight. */
  protected readonly chosen: readonly ChosenColumn[];

  constructor(path: string, { features, weight }: Chosen, dtype: Dtype) {
    this.path = path;
    this.dtype = dtype;
    this.features = features.length;
    this.weighted = weight !== null;
    this.columns = features.map(({ name, expression }) => (expression === null ? name : `${name}=${expression}`));
    this.chosen = listOf({ features, weight });
  }

  place(row?: number, column?: number): Place {
    const name = column === undefined ? undefined : this.chosen[column].name;
    const inRow = row === undefined ? [] : [`row ${row + 1}`];
    const inColumn = name === undefined ? [] : [`column ${JSON.stringify(name)}`];
    const inside = [...inRow, ...inColumn].join(", ");
    const counted = row === undefined ? "" : " (rows counted from 1, without a header)";
    return {
      words: oneLine(`${inside === "" ? "" : `${inside} of `}${this.path}${counted}`),
      details: {
        path: this.path,
        ...(row !== undefined && { row: row + 1 }),
        ...(name !== undefined && { column: name }),
      },
    };
  }

  abstract count(missing: MissingOption): Promise<RowCounts>;
  abstract batches(rows: number): AsyncIterable<RowBatch>;
  /** Gives up files, memory and threads. */
  abstract close(): Promise<void>;
}

export function listOf({ features, weight }: Chosen): readonly ChosenColumn[] {
  return weight === null ? features : [...features, weight];
}
