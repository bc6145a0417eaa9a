import type { ConstantPool } from "../../language/constants.ts";
import { ROW_LANES as lanes, sumInAll } from "../../language/row-walk.ts";
import {
  advance,
  and,
  at,
  integer,
  lessThan,
  type Routine,
  repeat,
  routine,
  set,
  storeQuarter,
  type Variable,
  vector,
} from "../../language/wasm.ts";
import { placeOn } from "./way.ts";

type Sums = Readonly<Record<"sum" | "count", Variable<"v128">>>;

/**
 * Which share of some numbers 2-means puts below, after a step from their mean. in: numbers; vectors, how many sixteenths of one
 * it is to the next, and how many to the end. out: share
 */
export function shareBelow(pool: ConstantPool): Routine {
  return routine(["numbers", "step", "wayEnd", "share"] as const, (p) => {
    const all = sums();
    const above = sums(vector(lanes.div(all.sum, all.count)));
    const meanBelow = lanes.div(lanes.sub(all.sum, above.sum), lanes.sub(all.count, above.count));
    const twice = lanes.add(meanBelow, lanes.div(above.sum, above.count));
    const beyond = sums(vector(lanes.mul(twice, pool.splat32(1 / 2))));
    storeQuarter(at(0, p.share), lanes.div(lanes.sub(all.count, beyond.count), all.count), 0);

    /** Of the numbers that are at least the threshold; without one, of all. */
    function sums(threshold?: Variable<"v128">): Sums {
      const [sum, count] = [vector(lanes.zero()), vector(lanes.zero())];
      const way = integer(0);
      repeat(() => {
        const x = vector(lanes.load(at(0, placeOn(way, p.numbers, lanes.vectorBytes))));
        const one = pool.splat32(1);
        const mask = threshold && vector(lanes.atLeast(x, threshold));
        set(sum, lanes.add(sum, mask ? and(mask, x) : x));
        set(count, lanes.add(count, mask ? and(mask, one) : one));
        advance(way, p.step);
        return lessThan(way, p.wayEnd);
      });
      return { sum: vector(sumInAll(sum)), count: vector(sumInAll(count)) };
    }
  });
}
