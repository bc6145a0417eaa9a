import { type Allocate, allocateTiles, type Dtype, sealTiles, type Tiles, writeRows } from "@emix/core";
import { allocationFailed, badFile, beyondFloat32, missingValue, negativeWeight, noRows, noWeight } from "./errors.ts";
import { firstGap, type MissingPolicy, type PointSource, type RowBatch } from "./point-source.ts";

export interface FillOptions {
  readonly missing: MissingPolicy;
  readonly dtype: Dtype;
  readonly allocate: Allocate;
  readonly onProgress: (rowsRead: number, rowsTotal: number) => void;
}

export interface FilledTiles {
  readonly tiles: Tiles;
  /** Rows read, the dropped ones included. */
  readonly rows: number;
  readonly dropped: number;
}

/** Rows between two reports of progress. */
const REPORT_EVERY = 1 << 17;

/**
 * Both passes over a source: count its rows, then write each straight to where it stays.
 * @throws EMPTY_DATA, MISSING_VALUE, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, OVERFLOW, BAD_FILE, ALLOCATION_FAILED
 */
export async function fillTiles(source: PointSource, options: FillOptions): Promise<FilledTiles> {
  const { rows, complete } = await source.count(options.missing);
  if (complete === 0) throw noRows(source.path, rows);
  const filling = new Filling(source, allocateFor(source, complete, options), options.missing);
  let reported = 0;
  for await (const batch of source.batches(rows)) {
    filling.write(batch);
    if (filling.rows - reported < REPORT_EVERY) continue;
    reported = filling.rows;
    options.onProgress(reported, rows);
  }
  const tiles = filling.finish();
  if (reported < rows) options.onProgress(rows, rows);
  return { tiles, rows, dropped: rows - complete };
}

function allocateFor(source: PointSource, count: number, { dtype, allocate }: FillOptions): Tiles {
  const features = source.columns.length;
  try {
    return allocateTiles({ count, features, dtype, weighted: source.weightColumn !== null }, allocate);
  } catch (error) {
    if (error instanceof RangeError) throw allocationFailed(source.path, count, features, error);
    throw error;
  }
}

/** Tiles on their way to being full. */
class Filling {
  /** Rows seen, written or dropped. */
  rows = 0;
  #written = 0;
  #positiveWeight = false;
  /** Rows of the present batch that are to be written. */
  #kept = new Uint32Array(0);
  readonly #source: PointSource;
  readonly #tiles: Tiles;
  readonly #missing: MissingPolicy;
  readonly #names: readonly string[];

  constructor(source: PointSource, tiles: Tiles, missing: MissingPolicy) {
    this.#source = source;
    this.#tiles = tiles;
    this.#missing = missing;
    this.#names = source.weightColumn === null ? source.columns : [...source.columns, source.weightColumn];
  }

  write(batch: RowBatch): void {
    const count = this.#keep(batch);
    const kept = this.#kept;
    if (this.#written + count > this.#tiles.count) throw this.#changed();
    writeRows(this.#tiles, this.#written, count, (row, feature) => batch.value(kept[row], feature));
    if (this.#tiles.pointWeights !== null) this.#writeWeights(batch, count, this.#tiles.pointWeights);
    this.#written += count;
    this.rows += batch.rowCount;
  }

  finish(): Tiles {
    if (this.#written !== this.#tiles.count) throw this.#changed();
    const { path, weightColumn } = this.#source;
    if (weightColumn !== null && !this.#positiveWeight) throw noWeight(path, weightColumn);
    return sealTiles(this.#tiles);
  }

  /** Notes which rows of the batch are complete; how many. */
  #keep(batch: RowBatch): number {
    if (this.#kept.length < batch.rowCount) this.#kept = new Uint32Array(batch.rowCount);
    const columns = this.#names.length;
    let count = 0;
    for (let row = 0; row < batch.rowCount; row++) {
      const gap = firstGap(batch, row, columns);
      if (gap === columns) this.#kept[count++] = row;
      else if (this.#missing === "error") throw this.#missingAt(batch, row, gap);
    }
    if (this.#tiles.dtype === "f32") this.#refuseBeyondFloat32(batch, count);
    return count;
  }

  #refuseBeyondFloat32(batch: RowBatch, count: number): void {
    for (let index = 0; index < count; index++) {
      const row = this.#kept[index];
      for (let feature = 0; feature < this.#tiles.features; feature++) {
        const value = batch.value(row, feature);
        if (Number.isFinite(Math.fround(value))) continue;
        throw beyondFloat32(this.#source.path, this.#rowNumber(row), this.#names[feature], value);
      }
    }
  }

  #writeWeights(batch: RowBatch, count: number, weights: Float64Array): void {
    const column = this.#tiles.features;
    for (let index = 0; index < count; index++) {
      const weight = batch.value(this.#kept[index], column);
      if (weight < 0) {
        throw negativeWeight(this.#source.path, this.#rowNumber(this.#kept[index]), this.#names[column], weight);
      }
      weights[this.#written + index] = weight;
      this.#positiveWeight ||= weight > 0;
    }
  }

  #missingAt(batch: RowBatch, row: number, column: number): Error {
    return missingValue(this.#source.path, this.#rowNumber(row), this.#names[column], batch.value(row, column));
  }

  #rowNumber(rowOfBatch: number): number {
    return this.rows + rowOfBatch + 1;
  }

  #changed(): Error {
    return badFile(this.#source.path, "its rows changed while it was being read; read it again when nobody writes it");
  }
}
