import { range } from "./range.ts";
import {
  type Address,
  advance,
  at,
  f32Lanes,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  loadInteger,
  plus,
  quarters,
  repeat,
  times,
  type Variable,
  type Vector,
  vector,
} from "./wasm.ts";

// Rows of f32, a multiple of four long, and pairs: the index of a row and a key above it, 64 bits together. Nothing is fused,
// so that all processors part points alike.

/** Nothing is fused. */
export const ROW_LANES: Lanes = f32Lanes(false);
export const PAIR_BYTES = 8;

/** Vectors of a row that stand one after the other in the code. */
const MOST_UNROLLED = 8;

/** The row of a pair. in: width, of a row */
export function rowOf(pair: Integer, rows: Integer, width: number): Variable<"i32"> {
  return integer(plus(rows, times(loadInteger(at(0, pair)), width * ROW_LANES.bytes)));
}

/** Treats all vectors of rows: one after the other in the code, or in a loop. in: where each row begins */
export function walkVectors(
  width: number,
  rows: readonly Integer[],
  treat: (places: readonly Address[]) => void,
): void {
  const vectors = (width * ROW_LANES.bytes) / ROW_LANES.vectorBytes;
  if (vectors <= MOST_UNROLLED) {
    for (const i of range(vectors)) treat(rows.map((row) => at(i * ROW_LANES.vectorBytes, row)));
    return;
  }
  const way = integer(0);
  repeat(() => {
    treat(rows.map((row) => at(0, integer(plus(row, way)))));
    advance(way, ROW_LANES.vectorBytes);
    return lessThan(way, vectors * ROW_LANES.vectorBytes);
  });
}

/** (first + third) + (second + fourth), in all lanes */
export function sumInAll(a: Variable<"v128">): Vector {
  const halves = vector(ROW_LANES.add(a, quarters([2, 3, 0, 1], a, a)));
  return ROW_LANES.add(halves, quarters([1, 0, 3, 2], halves, halves));
}
