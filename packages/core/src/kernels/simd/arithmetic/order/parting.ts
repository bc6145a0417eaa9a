import type { ConstantPool } from "../../language/constants.ts";
import { range } from "../../language/range.ts";
import { ROW_LANES as lanes, PAIR_BYTES, rowOf, walkVectors } from "../../language/row-walk.ts";
import {
  advance,
  at,
  chosenInteger,
  constant,
  GREATEST_LONG,
  greater,
  greaterInteger,
  integer,
  lesser,
  lessThan,
  lessThanSigned,
  loadInteger,
  loadLong,
  long,
  minus,
  plus,
  quarters,
  type Routine,
  repeat,
  risingBits,
  routine,
  run,
  set,
  shiftedLeft,
  shiftedRight,
  smaller,
  store,
  storeLong,
  storeQuarter,
  times,
  type Variable,
  type Vector,
  vector,
  when,
} from "../../language/wasm.ts";
import { centre, gather, turn } from "./few-rows.ts";
import { shareBelow } from "./share.ts";
import { WHOLE } from "./way.ts";

const AT_ONCE = 4;

/** Of more rows, the direction from their mean to the farthest is turned to where they spread most. */
const MANY_ROWS = 64;

/**
 * Finds a direction in which rows spread much, and how far they lie along it. in: pairs … pairsEnd, at least four; rows; few,
 * FEW_ROWS of room; mean and next, of width; farthest, 0. out: farthest, not 0 if they spread; then along, the keys of the pairs,
 * and share, which share of some lies below a threshold that parts them well
 */
export function aim(width: number, pool: ConstantPool): Routine {
  const [gathering, centring, turning] = [gather(width, pool), centre(width), turn(width)];
  const [projecting, sharing] = [project(width), shareBelow(pool)];
  const names = ["pairs", "pairsEnd", "rows", "few", "mean", "next", "farthest", "along", "share"] as const;
  return routine(names, ({ pairs, pairsEnd, rows, few, mean, next, farthest, along, share }) => {
    const count = integer(shiftedRight(minus(pairsEnd, pairs), 3));
    const whole = integer(WHOLE);
    const fewEnd = integer(plus(few, times(smaller(count, whole), width * lanes.bytes)));
    run(gathering, { pairs, step: greaterInteger(count, whole), rows, few, fewEnd, mean });
    run(centring, { few, fewEnd, mean, farthest });
    const direction = integer(loadInteger(at(0, farthest)));
    when(direction, () => {
      when(lessThan(constant(MANY_ROWS), count), () => {
        run(turning, { few, fewEnd, direction, next });
        set(direction, next);
      });
      run(projecting, { pairs, pairsEnd, rows, direction, along });
      const vectors = integer(shiftedRight(count, 2));
      const step = integer(greaterInteger(vectors, whole));
      run(sharing, { numbers: along, step, wayEnd: times(vectors, WHOLE), share });
    });
  });
}

/**
 * How far rows lie along the direction. in: pairs … pairsEnd, a multiple of four; rows; direction.
 * out: along; the key of each pair, which rises with it
 */
function project(width: number): Routine {
  return routine(["pairs", "pairsEnd", "rows", "direction", "along"] as const, (p) => {
    repeat(() => {
      const rows = range(AT_ONCE).map((i) => rowOf(plus(p.pairs, i * PAIR_BYTES), p.rows, width));
      const sums = rows.map(() => vector(lanes.zero()));
      walkVectors(width, [p.direction, ...rows], ([direction, ...places]) => {
        const own = vector(lanes.load(direction));
        places.forEach((row, i) => {
          set(sums[i], lanes.add(sums[i], lanes.mul(lanes.load(row), own)));
        });
      });
      const along = vector(sumsOf(sums));
      store(at(0, p.along), along);
      const keys = vector(risingBits(along));
      for (const i of range(AT_ONCE)) storeQuarter(at(i * PAIR_BYTES + 4, p.pairs), keys, i);
      advance(p.along, lanes.vectorBytes);
      advance(p.pairs, AT_ONCE * PAIR_BYTES);
      return lessThan(p.pairs, p.pairsEnd);
    });
  });
}

/** Of four vectors: (first + third) + (second + fourth) of each. */
function sumsOf([a, b, c, d]: readonly Variable<"v128">[]): Vector {
  const low = vector(lanes.add(quarters([0, 1, 4, 5], a, b), quarters([2, 3, 6, 7], a, b)));
  const high = vector(lanes.add(quarters([0, 1, 4, 5], c, d), quarters([2, 3, 6, 7], c, d)));
  return lanes.add(quarters([0, 2, 4, 6], low, high), quarters([1, 3, 5, 7], low, high));
}

/**
 * Brings the least pairs of low … high to low … middle, `middle` being between them. It parts them by the middle one of three,
 * and goes on where the middle lies.
 */
export function choose(): Routine {
  return routine(["low", "high", "middle"] as const, (p) => {
    repeat(() => {
      const pivot = pivotOf(p.low, p.high);
      const [from, front] = [integer(p.low), integer(p.low)];
      // Without branches, which would be foretold wrongly half the time.
      repeat(() => {
        const own = long(loadLong(at(0, from)));
        storeLong(at(0, from), loadLong(at(0, front)));
        storeLong(at(0, front), own);
        advance(front, shiftedLeft(lessThanSigned(own, pivot), 3));
        advance(from, PAIR_BYTES);
        return lessThan(from, p.high);
      });
      // The pivot is not the least pair, so both sides have fewer.
      const isBefore = integer(lessThan(p.middle, front));
      set(p.high, chosenInteger(isBefore, front, p.high));
      set(p.low, chosenInteger(isBefore, p.low, front));
      return lessThan(constant(1), plus(lessThan(p.low, p.middle), lessThan(p.middle, p.high)));
    });
  });
}

/** The middle one of the first pair, the last and one halfway; of two pairs, the greater. */
function pivotOf(low: Variable<"i32">, high: Variable<"i32">): Variable<"i64"> {
  const halfway = integer(plus(low, shiftedLeft(shiftedRight(minus(high, low), 4), 3)));
  const [a, b] = [long(loadLong(at(0, low))), long(loadLong(at(0, halfway)))];
  const c = long(GREATEST_LONG);
  when(lessThan(plus(halfway, PAIR_BYTES), high), () => set(c, loadLong(at(0, minus(high, PAIR_BYTES)))));
  const [less, more] = [long(lesser(a, b)), long(greater(a, b))];
  const least = long(lesser(more, c));
  return long(greater(less, least));
}
