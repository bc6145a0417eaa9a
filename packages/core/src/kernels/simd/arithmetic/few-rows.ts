import { ROW_LANES as lanes, PAIR_BYTES, rowOf, walkVectors } from "../language/row-walk.ts";
import {
  advance,
  at,
  integer,
  lessThan,
  plus,
  quarters,
  type Routine,
  repeat,
  routine,
  set,
  shiftedRight,
  store,
  times,
  vector,
} from "../language/wasm.ts";

/** Rows that are looked at for a direction, as a power of two: every so many sixteenths of the way. */
const SIXTEENTHS = 4;

/**
 * Copies some rows, and adds them. in: pairs, and how many sixteenths of a pair it is to the next; rows; few … fewEnd, where
 * they go. in/out: sum, of width
 */
export function gather(width: number): Routine {
  return routine(["pairs", "step", "rows", "few", "fewEnd", "sum"] as const, (p) => {
    const way = integer(0);
    const few = integer(p.few);
    repeat(() => {
      const pair = plus(p.pairs, times(shiftedRight(way, SIXTEENTHS), PAIR_BYTES));
      const row = rowOf(pair, p.rows, width);
      walkVectors(width, [row, few, p.sum], ([from, to, sum]) => {
        const x = vector(lanes.load(from));
        store(to, x);
        store(sum, lanes.add(lanes.load(sum), x));
      });
      advance(few, width * lanes.bytes);
      advance(way, p.step);
      return lessThan(few, p.fewEnd);
    });
  });
}

/** in/out: few … fewEnd, rows, about the mean then. in: mean, of width. out: squares, four sums for each row */
export function centre(width: number): Routine {
  return routine(["few", "fewEnd", "mean", "squares"] as const, (p) => {
    repeat(() => {
      const sum = vector(lanes.zero());
      walkVectors(width, [p.few, p.mean], ([row, mean]) => {
        const x = vector(lanes.sub(lanes.load(row), lanes.load(mean)));
        store(row, x);
        set(sum, lanes.add(sum, lanes.mul(x, x)));
      });
      store(at(0, p.squares), sum);
      advance(p.squares, lanes.vectorBytes);
      advance(p.few, width * lanes.bytes);
      return lessThan(p.few, p.fewEnd);
    });
  });
}

/** in: few … fewEnd, rows X; direction. in/out: next, to which XᵀX direction is added */
export function turn(width: number): Routine {
  return routine(["few", "fewEnd", "direction", "next"] as const, (p) => {
    repeat(() => {
      const products = vector(lanes.zero());
      walkVectors(width, [p.few, p.direction], ([row, direction]) => {
        set(products, lanes.add(products, lanes.mul(lanes.load(row), lanes.load(direction))));
      });
      const halves = vector(lanes.add(products, quarters([2, 3, 0, 1], products, products)));
      const along = vector(lanes.add(halves, quarters([1, 0, 3, 2], halves, halves)));
      walkVectors(width, [p.few, p.next], ([row, next]) => {
        store(next, lanes.add(lanes.load(next), lanes.mul(along, lanes.load(row))));
      });
      advance(p.few, width * lanes.bytes);
      return lessThan(p.few, p.fewEnd);
    });
  });
}
