import type { ConstantPool } from "../../language/constants.ts";
import { ROW_LANES as lanes, PAIR_BYTES, rowOf, sumInAll, walkVectors } from "../../language/row-walk.ts";
import {
  advance,
  at,
  firstBit,
  type Integer,
  integer,
  lessThan,
  type Routine,
  repeat,
  routine,
  set,
  store,
  storeInteger,
  vector,
  when,
} from "../../language/wasm.ts";
import { placeOn } from "./way.ts";

/**
 * Copies some rows. in: pairs, and how many sixteenths of a pair it is to the next; rows; few … fewEnd, where they go. out: mean,
 * of width
 */
export function gather(width: number, pool: ConstantPool): Routine {
  return routine(["pairs", "step", "rows", "few", "fewEnd", "mean"] as const, (p) => {
    const count = vector(lanes.zero());
    const way = integer(0);
    clear(width, p.mean);
    repeat(() => {
      const row = rowOf(placeOn(way, p.pairs, PAIR_BYTES), p.rows, width);
      walkVectors(width, [row, p.few, p.mean], ([from, to, sum]) => {
        const x = vector(lanes.load(from));
        store(to, x);
        store(sum, lanes.add(lanes.load(sum), x));
      });
      set(count, lanes.add(count, pool.splat32(1)));
      advance(p.few, width * lanes.bytes);
      advance(way, p.step);
      return lessThan(p.few, p.fewEnd);
    });
    walkVectors(width, [p.mean], ([mean]) => void store(mean, lanes.div(lanes.load(mean), count)));
  });
}

/** in/out: few … fewEnd, rows, about the mean then. in: mean, of width. in/out: farthest, set to the address of that row, if any */
export function centre(width: number): Routine {
  return routine(["few", "fewEnd", "mean", "farthest"] as const, (p) => {
    const most = vector(lanes.zero());
    repeat(() => {
      const sum = vector(lanes.zero());
      walkVectors(width, [p.few, p.mean], ([row, mean]) => {
        const x = vector(lanes.sub(lanes.load(row), lanes.load(mean)));
        store(row, x);
        set(sum, lanes.add(sum, lanes.mul(x, x)));
      });
      const square = vector(sumInAll(sum));
      when(lessThan(firstBit(lanes.atLeast(most, square)), 1), () => {
        set(most, square);
        storeInteger(at(0, p.farthest), p.few);
      });
      advance(p.few, width * lanes.bytes);
      return lessThan(p.few, p.fewEnd);
    });
  });
}

/** in: few … fewEnd, rows X; direction. out: next, XᵀX direction */
export function turn(width: number): Routine {
  return routine(["few", "fewEnd", "direction", "next"] as const, (p) => {
    clear(width, p.next);
    repeat(() => {
      const products = vector(lanes.zero());
      walkVectors(width, [p.few, p.direction], ([row, direction]) => {
        set(products, lanes.add(products, lanes.mul(lanes.load(row), lanes.load(direction))));
      });
      const along = vector(sumInAll(products));
      walkVectors(width, [p.few, p.next], ([row, next]) => {
        store(next, lanes.add(lanes.load(next), lanes.mul(along, lanes.load(row))));
      });
      advance(p.few, width * lanes.bytes);
      return lessThan(p.few, p.fewEnd);
    });
  });
}

function clear(width: number, row: Integer): void {
  walkVectors(width, [row], ([place]) => void store(place, lanes.zero()));
}
