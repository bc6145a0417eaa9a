import { triangleLength, triangleRow } from "../../../linear-algebra/triangle.ts";
import { patchColumns, type RowBlock, rowBlocks } from "../arithmetic/triangle-blocks.ts";
import type { Numbers } from "../language/setting.ts";

// Between packed triangles (rows one after the other) and the orders in which the code walks them. The places are
// listed when they are first needed: who writes a module does not need them.

/** in: packed, a triangle from `from` on; out: in `factorOrder` */
export function factorPacker(size: number): (triangles: Float64Array, from: number, out: Numbers) => void {
  let listed: Int32Array | null = null;
  return (triangles, from, out) => {
    listed ??= listPlaces(size, walkFactor);
    const places = listed;
    for (let i = 0; i < places.length; i++) out[i] = triangles[from + places[i]];
  };
}

/** in: sums in `scatterOrder` from `from` on; out: a packed triangle from `to` on */
export function scatterUnpacker(
  size: number,
): (sums: Float64Array, from: number, out: Float64Array, to: number) => void {
  let listed: Int32Array | null = null;
  return (sums, from, out, to) => {
    listed ??= listPlaces(size, walkScatter);
    const places = listed;
    for (let i = 0; i < places.length; i++) out[to + places[i]] = sums[from + i];
  };
}

type Take = (row: number, column: number) => void;

/** The places in a packed triangle of the entries that a walk takes, in its order. */
function listPlaces(size: number, walk: (size: number, take: Take) => void): Int32Array {
  const places = new Int32Array(triangleLength(size));
  let index = 0;
  walk(size, (row, column) => {
    places[index++] = triangleRow(row) + column;
  });
  return places;
}

/** In `factorOrder`. */
function walkFactor(size: number, take: Take): void {
  for (const { first, rows } of rowBlocks(size)) {
    for (let column = 0; column < first + rows; column++) {
      for (let row = Math.max(first, column); row < first + rows; row++) take(row, column);
    }
  }
}

/** In `scatterOrder`. */
function walkScatter(size: number, take: Take): void {
  for (const { first, rows } of rowBlocks(size)) {
    const columns = patchColumns(rows);
    for (let column = 0; column < first; column += columns) {
      walkRectangle({ first, rows }, column, Math.min(columns, first - column), take);
    }
    for (let j = 0; j < rows; j++) {
      for (let i = j; i < rows; i++) take(first + i, first + j);
    }
  }
}

/** In the order of `rectangle`. */
function walkRectangle({ first, rows }: RowBlock, column: number, columns: number, take: Take): void {
  const byRows = rows > columns;
  for (let a = 0; a < (byRows ? rows : columns); a++) {
    for (let b = 0; b < (byRows ? columns : rows); b++) take(first + (byRows ? a : b), column + (byRows ? b : a));
  }
}
