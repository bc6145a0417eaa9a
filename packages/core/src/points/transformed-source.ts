import { featuresMismatch } from "../errors.ts";
import type { Place } from "./place.ts";
import type { MissingOption, PointSource, RowBatch, RowCounts } from "./source.ts";
import { type Transform, transformed } from "./transforms.ts";

/**
 * A source whose columns are transformed on the way; weights stay as they are. A number that has no logarithm counts as
 * missing. in: transforms, one for each feature; undefined: none
 * @throws FEATURES_MISMATCH
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

  /** A logarithm may be missing where the number is not, so complete rows are for the caller to count. */
  async count(missing: MissingOption): Promise<RowCounts> {
    const counts = await this.#source.count(this.#takesLogarithms ? "error" : missing);
    return this.#takesLogarithms ? { ...counts, complete: null } : counts;
  }

  async *batches(rows: number): AsyncGenerator<RowBatch> {
    const transforms = this.#transforms;
    for await (const { rowCount, value } of this.#source.batches(rows)) {
      yield {
        rowCount,
        value: (row, column) =>
          column < transforms.length ? transformed(value(row, column), transforms[column]) : value(row, column),
      };
    }
  }

  place(row?: number, column?: number): Place {
    const place = this.#source.place(row, column);
    const log = column !== undefined && this.#transforms[column]?.log === true;
    return log ? { ...place, words: `${place.words}, above 0 for its logarithm` } : place;
  }

  get #takesLogarithms(): boolean {
    return this.#transforms.some(({ log }) => log);
  }
}
