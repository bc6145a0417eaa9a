import { type Integer, plus, shiftedRight, times } from "../../language/wasm.ts";

// Some of many things, evenly spread: a way is counted in sixteenths of a thing, and a step is a whole one at least.

const POWER = 4;

/** How many parts of the way are one thing. */
export const WHOLE: number = 2 ** POWER;

/** Where the thing is that a way has come to. in: first, where the first one is; bytes, of one */
export function placeOn(way: Integer, first: Integer, bytes: number): Integer {
  return plus(first, times(shiftedRight(way, POWER), bytes));
}
