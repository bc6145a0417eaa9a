import { RULE_SLOPE } from "../../../mixture/density.ts";
import { FARTHEST_REFERENCE, SKIN } from "../../pair-lists.ts";
import type { ConstantPool } from "../language/constants.ts";
import { fieldOf, LISTED, walkList } from "../language/lists.ts";
import { range } from "../language/range.ts";
import {
  advance,
  anyTrue,
  at,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  loadInteger,
  minus,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  store,
  storeInteger,
  type Vector,
  vector,
} from "../language/wasm.ts";
import type { Form } from "./form.ts";
import { largestOf, WIDTH } from "./soft-max.ts";

// What lists of pairs need besides E and M (kernels/pair-lists.ts): with m the largest lp of a point and m⁰ its reference,
// first m⁰ ← max(m⁰, m), then which components come within the skin of m⁰ at some point of a tile.

/** Splits a double into numbers of 24 bits (Veltkamp). */
const SPLITTER = 2 ** 29 + 1;

/**
 * in:  entries … entriesEnd, and in their rows from `offset` to `offsetEnd` lp; references m⁰
 * out: references, rounded to 24 bits; bounds: a vector of the largest m⁰ − m before, and one of the least m⁰ after
 */
export function raiseReferences(lanes: Lanes, pool: ConstantPool): Routine {
  const { vectorBytes } = lanes;
  return routine(["entries", "entriesEnd", "offset", "offsetEnd", "references", "bounds"] as const, (p) => {
    const drop = vector(lanes.parted(pool.splat(FARTHEST_REFERENCE)));
    const least = vector(lanes.parted(pool.splat(-FARTHEST_REFERENCE)));
    repeat(() => {
      largestOf(lanes, p).forEach((m, v) => {
        const place = at(v * vectorBytes, p.references);
        const reference = vector(lanes.load(place));
        set(drop, lanes.greatest(drop, lanes.sub(reference, m)));
        const near = vector(lanes.greatest(m, pool.splat(FARTHEST_REFERENCE)));
        const raised = vector(lanes.greatest(reference, asSingles(near)));
        store(place, raised);
        set(least, lanes.least(least, raised));
      });
      for (const pointer of [p.offset, p.references]) advance(pointer, WIDTH * vectorBytes);
      return lessThan(p.offset, p.offsetEnd);
    });
    store(at(0, p.bounds), drop);
    store(at(vectorBytes, p.bounds), least);
  });

  /** Rounded to a number of 32 bits: it is stored as one. */
  function asSingles(a: Vector): Vector {
    const scaled = vector(lanes.mul(a, pool.splat(SPLITTER)));
    return lanes.sub(scaled, lanes.sub(scaled, a));
  }
}

/**
 * in:  entries … entriesEnd, and in their rows from `offset` to `offsetEnd` lp; references m⁰
 * out: marks: for each entry 1 if the rule of zero with the skin leaves it a point, lp · 31/32 + β + skin ≥ m⁰; else 0
 */
export function survey(lanes: Lanes, pool: ConstantPool, form: Form): Routine {
  const { vectorBytes } = lanes;
  const { zeroThreshold } = form.component;
  return routine(["entries", "entriesEnd", "offset", "offsetEnd", "references", "marks"] as const, (p) => {
    const mark = integer(p.marks);
    walkList(p.entries, p.entriesEnd, LISTED.bytes, (entry) => {
      const threshold = lanes.splat(at(zeroThreshold, fieldOf(entry, LISTED.component)));
      const reach = vector(lanes.add(threshold, pool.splat(SKIN)));
      const row = integer(plus(loadInteger(at(LISTED.row, entry)), p.offset));
      const rowEnd = integer(plus(row, lengthOf(p)));
      const reference = integer(p.references);
      const most = range(WIDTH).map(() => vector(lanes.parted(pool.splat(FARTHEST_REFERENCE))));
      repeat(() => {
        most.forEach((margin, v) => {
          const logJoint = lanes.load(at(v * vectorBytes, row));
          const weighed = lanes.madd(logJoint, pool.splat(RULE_SLOPE), reach);
          set(margin, lanes.greatest(margin, lanes.sub(weighed, lanes.load(at(v * vectorBytes, reference)))));
        });
        for (const pointer of [row, reference]) advance(pointer, WIDTH * vectorBytes);
        return lessThan(row, rowEnd);
      });
      const [a, b, c, d] = most;
      const margin = lanes.greatest(lanes.greatest(a, b), lanes.greatest(c, d));
      storeInteger(at(0, mark), anyTrue(vector(lanes.atLeast(margin, lanes.zero()))));
      advance(mark, 4);
    });
  });

  function lengthOf({ offset, offsetEnd }: Record<"offset" | "offsetEnd", Integer>): Integer {
    return minus(offsetEnd, offset);
  }
}
