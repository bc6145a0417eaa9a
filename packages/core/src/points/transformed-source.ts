import { featuresMismatch } from "../errors.ts";
import { notPositive } from "./errors.ts";
import type { Place } from "./place.ts";
import type { MissingOption, PointSource, RowBatch, RowCounts } from "./source.ts";
import { type Transform, transformed } from "./transforms.ts";

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
    const transforms = this.#transforms;
    let first = 0;
    for await (const { rowCount, value } of this.#source.batches(rows)) {
      const before = first;
      yield {
        rowCount,
        value: (row, column) =>
          column < transforms.length ? this.#transformed(value(row, column), before + row, column) : value(row, column),
      };
      first += rowCount;
    }
  }

  place(row?: number, column?: number): Place {
    return this.#source.place(row, column);
  }

  #transformed(value: number, row: number, column: number): number {
    const transform = this.#transforms[column];
    if (transform.log && value <= 0) throw notPositive(this.place(row, column), value);
    return transformed(value, transform);
  }
}
