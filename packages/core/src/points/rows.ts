import { type RowBatch, rowMajorBatch } from "./source.ts";
import { rowsInStretch } from "./stretches.ts";
import { readPoint, rowsGiven, type Tiles } from "./tiles.ts";

/** What says which rows of the caller the points are. */
type Rows = Pick<Tiles, "count" | "dropped" | "order">;

/**
 * Brings values of every point into the caller's order, with values for rows that were left out.
 * in: values, `perRow` for each point as it is stored. out: `perRow` for each row that was given, `filler` for dropped rows
 */
export function overAllRows<T extends Float64Array | Int32Array>(
  tiles: Rows,
  values: T,
  perRow: number,
  filler: number,
): T {
  const rows = rowsOf(tiles);
  if (rows === null) return values;
  const all = new (values.constructor as new (length: number) => T)(rowsGiven(tiles) * perRow).fill(filler) as T;
  scatter(values, rows, perRow, all);
  return all;
}

/**
 * The inverse of `overAllRows`. in: `perRow` values for each row that was given. out: `perRow` for each point as it is
 * stored
 */
export function ofStoredPoints<T extends Float64Array | Int32Array>(tiles: Rows, values: T, perRow: number): T {
  const rows = rowsOf(tiles);
  if (rows === null) return values;
  const stored = new (values.constructor as new (length: number) => T)(tiles.count * perRow);
  gather(values, rows, perRow, stored);
  return stored;
}

/** The row that each point was given in, n, as they are stored; null: point i is row i. */
export function rowsOf(tiles: Rows): Uint32Array | null {
  const { order, dropped } = tiles;
  if (dropped === null) return order;
  const rows = new Uint32Array(tiles.count);
  for (const { point, row, count } of keptRuns(tiles)) {
    for (let i = 0; i < count; i++) rows[point + i] = row + i;
  }
  return order === null ? rows : order.map((point) => rows[point]);
}

/** Where each point is stored, n, by the caller's order; null: point i is stored as point i. */
export function placesOf({ order }: Pick<Tiles, "order">): Uint32Array | null {
  if (order === null) return null;
  const places = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place]] = place;
  return places;
}

function scatter(values: Float64Array | Int32Array, rows: Uint32Array, perRow: number, out: typeof values): void {
  for (let i = 0, from = 0; i < rows.length; i++) {
    for (let to = rows[i] * perRow; to < (rows[i] + 1) * perRow; to++) out[to] = values[from++];
  }
}

function gather(values: Float64Array | Int32Array, rows: Uint32Array, perRow: number, out: typeof values): void {
  for (let i = 0, to = 0; i < rows.length; i++) {
    for (let from = rows[i] * perRow; from < (rows[i] + 1) * perRow; from++) out[to++] = values[from];
  }
}

/** Neighbouring rows that were kept. */
interface KeptRun {
  /** its number in the caller's order, without dropped rows */
  readonly point: number;
  readonly row: number;
  readonly count: number;
}

/** The runs of neighbouring rows that were kept, in the caller's order. */
export function* keptRuns(tiles: Pick<Tiles, "count" | "dropped">): Generator<KeptRun> {
  const { dropped } = tiles;
  const rows = rowsGiven(tiles);
  let row = 0;
  for (let before = 0; row < rows; before++) {
    const end = dropped?.[before] ?? rows;
    if (end > row) yield { point: row - before, row, count: end - row };
    row = end + 1;
  }
}

/** Points as the rows that were given, each followed by its weight if there are weights. A row that was dropped has NaN. */
export function* storedRows(tiles: Tiles): Generator<RowBatch> {
  const { features, pointWeights } = tiles;
  const width = pointWeights === null ? features : features + 1;
  const places = placesOf(tiles);
  const rows = rowsGiven(tiles);
  const size = Math.min(rowsInStretch(width), rows);
  const point = new Float64Array(features);
  const runs = keptRuns(tiles);
  let run = runs.next().value;
  for (let first = 0; first < rows; first += size) {
    const end = Math.min(first + size, rows);
    const values = new Float64Array((end - first) * width).fill(Number.NaN);
    for (let row = first; row < end; row++) {
      if (run && row >= run.row + run.count) run = runs.next().value;
      if (!run || row < run.row) continue;
      const given = run.point + row - run.row;
      const place = places === null ? given : places[given];
      const at = (row - first) * width;
      values.set(readPoint(tiles, place, point), at);
      if (pointWeights !== null) values[at + features] = pointWeights[place];
    }
    yield rowMajorBatch(values, end - first, width);
  }
}
