import { rowsGiven, type Tiles } from "./tiles.ts";

/**
 * Extends values for every point that was kept to values for every row that was given, in the caller's order.
 * in: values, `perRow` for each point that was kept. out: `perRow` for each row, `filler` for dropped rows
 */
export function overAllRows<T extends Float64Array | Int32Array>(
  tiles: Pick<Tiles, "count" | "dropped">,
  values: T,
  perRow: number,
  filler: number,
): T {
  if (tiles.dropped === null) return values;
  const all = new (values.constructor as new (length: number) => T)(rowsGiven(tiles) * perRow).fill(filler) as T;
  for (const { point, row, count } of keptRuns(tiles)) {
    all.set(values.subarray(point * perRow, (point + count) * perRow), row * perRow);
  }
  return all;
}

/**
 * The inverse of `overAllRows`. in: `perRow` values for each row that was given. out: `perRow` for each point that was
 * kept
 */
export function ofKeptRows<T extends Float64Array | Int32Array>(
  tiles: Pick<Tiles, "count" | "dropped">,
  values: T,
  perRow: number,
): T {
  if (tiles.dropped === null) return values;
  const kept = new (values.constructor as new (length: number) => T)(tiles.count * perRow);
  for (const { point, row, count } of keptRuns(tiles)) {
    kept.set(values.subarray(row * perRow, (row + count) * perRow), point * perRow);
  }
  return kept;
}

/** Neighbouring rows that were kept. */
interface KeptRun {
  readonly point: number;
  readonly row: number;
  readonly count: number;
}

/** The runs of neighbouring rows that were kept, in order. */
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
