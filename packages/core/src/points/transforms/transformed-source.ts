import { featuresMismatch } from "../../errors.ts";
import { notPositive } from "../errors.ts";
import type { Place } from "../place.ts";
import {
  firstGap,
  type MissingOption,
  type NumberColumn,
  numberAt,
  type PointSource,
  type RowBatch,
  type RowCounts,
} from "../source.ts";
import { type Transform, transformNumber } from "./transforms.ts";

/**
 * A source whose columns are transformed on the way; weights stay as they are. in: transforms, one for each feature; undefined: none
 * @throws FEATURES_MISMATCH; INVALID_POINTS, while its batches are read, where a logarithm of 0 or less is asked for
 */
export function transformedSource(source: PointSource, transforms: readonly Transform[] | undefined): PointSource {
  if (transforms === undefined) return source;
  if (transforms.length !== source.features) throw featuresMismatch(transforms.length, source.features);
  return new TransformedSource(source, transforms);
}

class TransformedSource implements PointSource {
  readonly features: number;
  readonly dtype: PointSource["dtype"];
  readonly weighted: boolean;
  readonly #source: PointSource;
  readonly #transforms: readonly Transform[];

  constructor(source: PointSource, transforms: readonly Transform[]) {
    this.features = source.features;
    this.dtype = source.dtype;
    this.weighted = source.weighted;
    this.#source = source;
    this.#transforms = transforms;
  }

  /** Logarithms are checked while batches are read, so complete rows are for the caller to count. */
  async count(missing: MissingOption): Promise<RowCounts> {
    const checks = this.#transforms.some(({ log }) => log);
    const counts = await this.#source.count(checks ? "error" : missing);
    return checks ? { ...counts, complete: null } : counts;
  }

  async *batches(rows: number): AsyncGenerator<RowBatch> {
    let first = 0;
    for await (const batch of this.#source.batches(rows)) {
      this.#requirePositive(batch, first);
      const columns = batch.columns.map((column, j) => transformedColumn(column, batch.rowCount, this.#transforms[j]));
      yield { rowCount: batch.rowCount, columns };
      first += batch.rowCount;
    }
  }

  place(row?: number, column?: number): Place {
    return this.#source.place(row, column);
  }

  /** Rows that lack a number have no logarithms taken: they are left out, or refused for what they lack. */
  #requirePositive(batch: RowBatch, first: number): void {
    const logs = batch.columns.flatMap((_, j) => (this.#transforms[j]?.log ? [j] : []));
    const isWrong = (row: number) => (j: number) => numberAt(batch, row, j) <= 0;
    for (let row = 0; row < batch.rowCount; row++) {
      const wrong = logs.find(isWrong(row));
      if (wrong === undefined || firstGap(batch, row) < batch.columns.length) continue;
      throw notPositive(this.place(first + row, wrong), numberAt(batch, row, wrong));
    }
  }
}

/** in: transform; undefined for weights */
function transformedColumn(column: NumberColumn, rowCount: number, transform: Transform | undefined): NumberColumn {
  if (transform === undefined) return column;
  const { values, offset, stride } = column;
  const result = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) result[row] = transformNumber(values[offset + row * stride], transform);
  return { values: result, offset: 0, stride: 1 };
}
