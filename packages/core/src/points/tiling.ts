import { openPoints, type PointsLike } from "./array-sources.ts";
import { beyondFloat32, changedPoints, invalidMissing, noCompleteRow, nonFinitePoint } from "./errors.ts";
import { placeInArray } from "./place.ts";
import type { SectionStore } from "./sections.ts";
import {
  type ArraySource,
  completeRows,
  type MissingOption,
  numberAt,
  type PointSource,
  partsOf,
  type RowBatch,
  visitRows,
} from "./source.ts";
import { atOnce, rowsInStretch, type Stretches, withPauses } from "./stretches.ts";
import { TileWriter } from "./tile-writer.ts";
import { type Allocate, allocateTiles, privateMemory, type TilesInMemory } from "./tiles.ts";
import { givenWeights, openWeights, requireWeight, type WeightColumn, WeightWriter } from "./weights.ts";

export interface TilingOptions {
  /** Default "error". */
  readonly missing?: MissingOption | undefined;
  /** One for each row of the source, dropped rows included. Only those of points that are kept must be numbers. */
  readonly pointWeights?: ArrayLike<number> | undefined;
  /** Default: memory of this thread. */
  readonly allocate?: Allocate;
  /** B; default: `tileSizeFor(features)` */
  readonly tileSize?: number;
}

/** Points as callers have them → tiles. @throws as `tilesFrom`, INVALID_POINTS */
export function tilePoints(points: PointsLike, pointWeights?: ArrayLike<number>): TilesInMemory {
  return tilesFrom(openPoints(points), { pointWeights });
}

/**
 * A source → tiles, the only door for points. Every number and every weight is checked here and nowhere else.
 * @throws EMPTY_DATA, NON_FINITE_POINT, OVERFLOW (f32), INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, INVALID_OPTION, and what the
 * source and `allocate` throw
 */
export function tilesFrom(source: ArraySource, options: TilingOptions = {}): TilesInMemory {
  const missing = missingOf(options);
  const { rows } = source.count(missing);
  let kept = rows;
  if (missing === "drop") {
    kept = 0;
    for (const batch of source.batches(rows)) kept += completeRows(batch);
  }
  const tiling = new Tiling(source, { rows, kept }, options);
  for (const batch of source.batches(rows)) atOnce(tiling.add(batch));
  return atOnce(tiling.finish());
}

/**
 * Like `tilesFrom`, but for any source, batch by batch.
 * @param pause awaited after every batch, and within long ones, for a thread that must stay responsive
 */
export async function streamTiles(
  source: PointSource,
  options: TilingOptions = {},
  pause: () => Promise<void> | void = () => {},
): Promise<TilesInMemory> {
  const tiling = await openTiling(source, options, pause);
  for await (const batch of source.batches(tiling.rows)) await withPauses(tiling.add(batch), pause);
  return withPauses(tiling.finish(), pause);
}

/** Counts rows, and makes room. in: store, if there is room for one section at a time */
export async function openTiling(
  source: PointSource,
  options: TilingOptions,
  pause: () => Promise<void> | void,
  store?: SectionStore,
): Promise<Tiling> {
  const missing = missingOf(options);
  const { rows, complete } = await source.count(missing);
  let kept = missing === "drop" ? (complete ?? 0) : rows;
  if (missing === "drop" && complete === null) {
    for await (const batch of source.batches(rows)) {
      for (const part of partsOf(batch)) {
        kept += completeRows(part);
        await pause();
      }
    }
  }
  return new Tiling(source, { rows, kept, store }, options);
}

function missingOf({ missing = "error" }: TilingOptions): MissingOption {
  if (missing !== "error" && missing !== "drop") throw invalidMissing(missing);
  return missing;
}

interface TilingSize {
  readonly rows: number;
  /** rows that are no gaps */
  readonly kept: number;
  /** if there is room for one section at a time */
  readonly store?: SectionStore | undefined;
}

/** Tiles that are being filled. */
class Tiling {
  readonly rows: number;
  readonly #source: PointSource;
  readonly #sectionPoints: number;
  readonly #writer: TileWriter;
  readonly #weights: WeightWriter | null;
  /** the caller's weights, which come before the source's own */
  readonly #given: WeightColumn | null;
  /** rows seen = points written + rows dropped */
  #seen = 0;
  #written = 0;
  /** points of sections that have been stored */
  #stored = 0;

  constructor(source: PointSource, { rows, kept, store }: TilingSize, options: TilingOptions) {
    if (kept === 0) throw noCompleteRow(source.place(), rows);
    const { allocate = privateMemory, pointWeights, tileSize } = options;
    const { features, dtype, weighted } = source;
    this.#given = pointWeights === undefined ? null : openWeights(pointWeights, rows);
    const shape = { count: kept, features, dtype, weighted: weighted || this.#given !== null, tileSize };
    // A section may be full in the midst of a stretch of rows.
    const held = Math.min(kept, (store?.points ?? kept) + rowsInStretch(features));
    const tiles = allocateTiles(shape, allocate, { held, window: store && ((bytes) => store.window(bytes, kept)) });
    const dropped = kept === rows ? null : new Uint32Array(allocate((rows - kept) * 4));
    this.#source = source;
    this.rows = rows;
    this.#sectionPoints = store?.points ?? kept;
    this.#writer = new TileWriter({ ...tiles, dropped });
    this.#weights = tiles.pointWeights === null ? null : new WeightWriter(tiles.pointWeights);
  }

  *add(batch: RowBatch): Stretches<void> {
    for (const part of partsOf(batch)) {
      if (this.#writer.tiles.dropped === null) this.#write(part, 0, part.rowCount);
      else this.#writeComplete(part);
      yield;
    }
  }

  finish(): Stretches<TilesInMemory> {
    this.#requireAll();
    return this.#writer.seal();
  }

  /** Ends a tiling whose sections are stored. out: with what features should be divided by */
  close(): TilesInMemory {
    this.#requireAll();
    return { ...this.#writer.tiles, exponents: this.#writer.close() };
  }

  #requireAll(): void {
    const { count, features } = this.#writer.tiles;
    if (this.#written !== count || this.#seen !== this.rows) throw changedPoints(this.#source.place());
    this.#weights?.requireTotal(
      this.#given === null ? this.#source.place(undefined, features) : givenWeights(features),
    );
  }

  /** What is to be stored, each section before the next is asked for: those that are full; at the end, the last as well. */
  *sections(all: boolean): Generator<Parameters<SectionStore["put"]>> {
    const { count } = this.#writer.tiles;
    while (this.#stored < count) {
      const end = Math.min(this.#stored + this.#sectionPoints, count);
      if (this.#written < end || (end === count && !all)) return;
      yield [this.#writer.section(this.#stored, end), this.#stored];
      this.#writer.moveTo(end, this.#written);
      this.#stored = end;
    }
  }

  /** Leaves out rows that lack a number. */
  #writeComplete(batch: RowBatch): void {
    const { dropped } = this.#writer.tiles;
    visitRows(batch, {
      complete: (row, count) => this.#write(batch, row, count),
      lacking: () => {
        (dropped as Uint32Array)[this.#seen - this.#written] = this.#seen;
        this.#seen++;
      },
    });
  }

  /** Writes rows, as many as there is room for. */
  #write(batch: RowBatch, row: number, count: number): void {
    const room = Math.min(count, this.#writer.tiles.count - this.#written);
    const whole = this.#weigh(batch, row, room) && this.#writer.write(this.#written, batch, row, room);
    if (!whole) this.#refuse(batch, row);
    this.#written += room;
    this.#seen += room;
    if (room < count) throw changedPoints(this.#source.place());
  }

  #weigh(batch: RowBatch, row: number, count: number): boolean {
    if (this.#weights === null) return true;
    if (this.#given !== null) return this.#weights.write(this.#written, this.#given, this.#seen, count);
    return this.#weights.write(this.#written, batch.columns[this.#source.features], row, count);
  }

  /** Names the first number or weight that is none. in: the rows of a batch from `row` on, of which one has it */
  #refuse(batch: RowBatch, row: number): never {
    for (let next = row; ; next++, this.#seen++) {
      const wrong = batch.columns.findIndex((_, column) => !Number.isFinite(this.#asStored(batch, next, column)));
      if (wrong >= 0) throw this.#refusal(wrong, numberAt(batch, next, wrong));
      this.#requireWeight(batch, next);
    }
  }

  /** Numbers beyond f32 become infinite where they are stored. */
  #asStored(batch: RowBatch, row: number, column: number): number {
    const { dtype, features } = this.#source;
    const value = numberAt(batch, row, column);
    return dtype === "f32" && column < features ? Math.fround(value) : value;
  }

  #requireWeight(batch: RowBatch, row: number): void {
    const { features, weighted } = this.#source;
    if (this.#given !== null) requireWeight(this.#given.values[this.#seen], placeInArray(this.#seen));
    else if (weighted) requireWeight(numberAt(batch, row, features), this.#source.place(this.#seen, features));
  }

  #refusal(column: number, value: number): Error {
    const place = this.#source.place(this.#seen, column);
    return Number.isFinite(value) ? beyondFloat32(place, value) : nonFinitePoint(place, value);
  }
}
