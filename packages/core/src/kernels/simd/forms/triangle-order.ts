import { triangleRow } from "../../../linear-algebra/triangle.ts";
import { type Entry, factorOrder, scatterOrder } from "../arithmetic/triangle-blocks.ts";
import type { Numbers } from "../language/setting.ts";

// Between packed triangles (rows one after the other) and the orders in which the code walks them.

const packed = (order: readonly Entry[]): number[] => order.map(([row, column]) => triangleRow(row) + column);

/** in: packed, a triangle from `from` on; out: in `factorOrder` */
export function factorPacker(size: number): (triangles: Float64Array, from: number, out: Numbers) => void {
  const places = packed(factorOrder(size));
  return (triangles, from, out) => {
    for (let i = 0; i < places.length; i++) out[i] = triangles[from + places[i]];
  };
}

/** in: sums in `scatterOrder` from `from` on; out: a packed triangle from `to` on */
export function scatterUnpacker(
  size: number,
): (sums: Float64Array, from: number, out: Float64Array, to: number) => void {
  const places = packed(scatterOrder(size));
  return (sums, from, out, to) => {
    for (let i = 0; i < places.length; i++) out[to + places[i]] = sums[from + i];
  };
}
