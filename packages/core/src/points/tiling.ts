import { openPoints, type PointsLike } from "./array-sources.ts";
import { beyondFloat32, changedPoints, invalidMissing, noCompleteRow, nonFinitePoint } from "./errors.ts";
import {
  type ArraySource,
  completeRows,
  firstGap,
  type MissingOption,
  type PointSource,
  type RowBatch,
} from "./source.ts";
import { type Allocate, allocateTiles, privateMemory, sealTiles, type Tiles, writeRow } from "./tiles.ts";
import { requireTotal, requireWeight, withWeights } from "./weights.ts";

export interface TilingOptions {
  /** Default "error". */
  readonly missing?: MissingOption | undefined;
  /** One for each row of the source, dropped rows included. Only those of points that are kept must be numbers. */
  readonly pointWeights?: ArrayLike<number> | undefined;
  /** Default: memory of this thread. */
  readonly allocate?: Allocate;
}

/** Points as callers have them → tiles. @throws as `tilesFrom`, INVALID_POINTS */
export function tilePoints(points: PointsLike, pointWeights?: ArrayLike<number>): Tiles {
  return tilesFrom(openPoints(points), { pointWeights });
}

/**
 * A source → tiles, the only door for points. Every number and every weight is checked here and nowhere else.
 * @throws EMPTY_DATA, NON_FINITE_POINT, OVERFLOW (f32), INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, INVALID_OPTION, and what the
 * source and `allocate` throw
 */
export function tilesFrom(source: ArraySource, options: TilingOptions = {}): Tiles {
  const missing = missingOf(options);
  const { rows } = source.count(missing);
  let kept = rows;
  if (missing === "drop") {
    kept = 0;
    for (const batch of source.batches(rows)) kept += completeRows(batch, columnsOf(source));
  }
  const tiling = new Tiling(source, { rows, kept }, options);
  for (const batch of source.batches(rows)) tiling.add(batch);
  return tiling.finish();
}

/**
 * Like `tilesFrom`, but for any source, batch by batch.
 * @param pause called after every batch, for a thread that must stay responsive
 */
export async function streamTiles(
  source: PointSource,
  options: TilingOptions = {},
  pause: () => Promise<void> | void = () => {},
): Promise<Tiles> {
  const missing = missingOf(options);
  const { rows, complete } = await source.count(missing);
  let kept = missing === "drop" ? (complete ?? 0) : rows;
  if (missing === "drop" && complete === null) {
    for await (const batch of source.batches(rows)) {
      kept += completeRows(batch, columnsOf(source));
      await pause();
    }
  }
  const tiling = new Tiling(source, { rows, kept }, options);
  for await (const batch of source.batches(rows)) {
    tiling.add(batch);
    await pause();
  }
  return tiling.finish();
}

function missingOf({ missing = "error" }: TilingOptions): MissingOption {
  if (missing !== "error" && missing !== "drop") throw invalidMissing(missing);
  return missing;
}

function columnsOf({ features, weighted }: PointSource): number {
  return features + (weighted ? 1 : 0);
}

/** Tiles that are being filled. */
class Tiling {
  readonly #source: PointSource;
  readonly #options: TilingOptions;
  readonly #rows: number;
  readonly #tiles: Tiles;
  /** rows seen = points written + rows dropped */
  #seen = 0;
  #written = 0;
  /** Σ w of the source's own weights */
  #total = 0;

  constructor(source: PointSource, size: { readonly rows: number; readonly kept: number }, options: TilingOptions) {
    const { rows, kept } = size;
    if (kept === 0) throw noCompleteRow(source.place(), rows);
    const { allocate = privateMemory } = options;
    const { features, dtype, weighted } = source;
    const tiles = allocateTiles({ count: kept, features, dtype, weighted }, allocate);
    const dropped = kept === rows ? null : new Uint32Array(allocate((rows - kept) * 4));
    this.#source = source;
    this.#options = options;
    this.#rows = rows;
    this.#tiles = { ...tiles, dropped };
  }

  add(batch: RowBatch): void {
    for (let row = 0; row < batch.rowCount; row++, this.#seen++) this.#take(batch, row);
  }

  finish(): Tiles {
    const { pointWeights, allocate = privateMemory } = this.#options;
    if (this.#written !== this.#tiles.count || this.#seen !== this.#rows) throw changedPoints(this.#source.place());
    if (this.#source.weighted) requireTotal(this.#total, this.#source.place(undefined, this.#source.features));
    return sealTiles(pointWeights === undefined ? this.#tiles : withWeights(this.#tiles, pointWeights, allocate));
  }

  /** Writes a row, or leaves it out. */
  #take(batch: RowBatch, row: number): void {
    const { count, features, dropped, pointWeights } = this.#tiles;
    const columns = columnsOf(this.#source);
    if (dropped !== null && firstGap(batch, row, columns) < columns) {
      dropped[this.#seen - this.#written] = this.#seen;
      return;
    }
    if (this.#written === count) throw changedPoints(this.#source.place());
    const wrong = writeRow(this.#tiles, this.#written, row, batch.value);
    if (wrong < features) throw this.#refusal(wrong, batch.value(row, wrong));
    if (pointWeights !== null) pointWeights[this.#written] = this.#weight(batch.value(row, features));
    this.#written++;
  }

  #weight(value: number): number {
    const { features } = this.#tiles;
    if (!Number.isFinite(value)) throw this.#refusal(features, value);
    const weight = requireWeight(value, () => this.#source.place(this.#seen, features));
    this.#total += weight;
    return weight;
  }

  #refusal(column: number, value: number): Error {
    const place = this.#source.place(this.#seen, column);
    return Number.isFinite(value) ? beyondFloat32(place, value) : nonFinitePoint(place, value);
  }
}
