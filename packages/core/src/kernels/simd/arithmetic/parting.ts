import { range } from "../language/range.ts";
import { ROW_LANES as lanes, PAIR_BYTES, rowOf, walkVectors } from "../language/row-walk.ts";
import {
  advance,
  at,
  integer,
  lessThan,
  lessThanSigned,
  loadLong,
  long,
  plus,
  quarters,
  type Routine,
  repeat,
  risingBits,
  routine,
  set,
  shiftedLeft,
  store,
  storeInteger,
  storeLong,
  storeQuarter,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";

const AT_ONCE = 4;

/**
 * How far rows lie along the direction. in: pairs … pairsEnd, a multiple of four; rows; direction.
 * out: along; the key of each pair, which rises with it
 */
export function project(width: number): Routine {
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
 * Brings the pairs that are less than one of them to the front. in: from … end, at least one; pivot, its address. out: front,
 * where the others begin
 */
export function part(): Routine {
  return routine(["from", "end", "pivot", "front"] as const, (p) => {
    const pivot = long(loadLong(at(0, p.pivot)));
    const front = integer(p.from);
    // Without branches, which would be foretold wrongly half the time.
    repeat(() => {
      const own = long(loadLong(at(0, p.from)));
      storeLong(at(0, p.from), loadLong(at(0, front)));
      storeLong(at(0, front), own);
      advance(front, shiftedLeft(lessThanSigned(own, pivot), 3));
      advance(p.from, PAIR_BYTES);
      return lessThan(p.from, p.end);
    });
    storeInteger(at(0, p.front), front);
  });
}
