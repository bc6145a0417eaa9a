import type { Kept, Setting } from "./form.ts";
import { walkTiles } from "./tile-walk.ts";
import { range } from "./triangle-blocks.ts";
import {
  advance,
  anyTrue,
  at,
  demoted,
  integer,
  lessThan,
  load,
  plus,
  repeat,
  roundedUp,
  set,
  shiftedLeft,
  smaller,
  store,
  storeInteger,
  type Variable,
  VECTOR_BYTES,
  type Vector,
  vector,
} from "./wasm.ts";

// Most responsibilities are exactly 0 by the rule of zero once components part, so M lists the vectors of points that
// have another, and walks the list. What it leaves out would add zeros, so the list changes no bit (in f32 it moves the
// ends of the chunks after which sums are added to f64 totals).

/** An entry of the list: √r (or r) of a vector of points, then the address of their first feature. */
export const ENTRY_BYTES: number = 2 * VECTOR_BYTES;
export const ENTRY_POINTS: number = VECTOR_BYTES;

/** Lists hold a multiple of so many entries: the last ones may be 0. */
export const ENTRIES = 2;

const VECTORS = 4;

/**
 * √r = h · √(ω / s), or r = e · ω / s; without branches: every entry is written, and the list grows only where it counts.
 * out: end of the list, and N = Σ r
 */
export function listSurvivors(
  setting: Setting,
  keeps: Kept,
  p: Record<"points" | "pointsEnd" | "joint" | "scales" | "list", Variable<"i32">>,
): { end: Variable<"i32">; mass: Vector } {
  const { lanes, wide } = setting;
  const halves = lanes.count / wide.count;
  const mass = vector(wide.zero());
  const start = integer(p.points);
  const end = integer(p.list);
  walkTiles(setting, p.points, p.pointsEnd, VECTORS * VECTOR_BYTES, () => {
    for (const v of range(VECTORS)) {
      const kepts = range(halves).map((half) => weigh((v * halves + half) * VECTOR_BYTES));
      const entry = vector(halves === 1 ? kepts[0] : demoted(kepts[0], kepts[1]));
      store(at(0, end), entry);
      storeInteger(at(ENTRY_POINTS, end), plus(p.points, v * VECTOR_BYTES));
      advance(end, shiftedLeft(anyTrue(entry), Math.log2(ENTRY_BYTES)));
    }
    advance(p.joint, VECTORS * halves * VECTOR_BYTES);
    advance(p.scales, VECTORS * halves * VECTOR_BYTES);
  });
  store(at(0, end), lanes.zero());
  storeInteger(at(ENTRY_POINTS, end), start);
  set(end, roundedUp(end, ENTRIES * ENTRY_BYTES));
  return { end, mass };

  function weigh(offset: number): Vector {
    const kept = vector(wide.mul(load(at(offset, p.joint)), load(at(offset, p.scales))));
    set(mass, keeps === "root" ? wide.madd(kept, kept, mass) : wide.add(mass, kept));
    return kept;
  }
}

/** Treats the list in pieces of `length` entries, the last one shorter; the list is not empty. */
export function inChunks(
  start: Variable<"i32">,
  end: Variable<"i32">,
  length: number,
  treat: (start: Variable<"i32">, end: Variable<"i32">) => void,
): void {
  const entry = integer(start);
  const whole = integer();
  repeat(() => {
    set(whole, plus(entry, length * ENTRY_BYTES));
    const chunkEnd = integer(smaller(whole, end));
    treat(entry, chunkEnd);
    set(entry, chunkEnd);
    return lessThan(entry, end);
  });
}
