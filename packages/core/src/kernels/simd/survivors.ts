import type { Setting } from "./form.ts";
import { walkTiles } from "./tile-walk.ts";
import { range } from "./triangle-blocks.ts";
import {
  advance,
  anyTrue,
  at,
  integer,
  load,
  plus,
  roundedUp,
  set,
  shiftedLeft,
  store,
  storeInteger,
  type Variable,
  VECTOR_BYTES,
  type Vector,
  vector,
} from "./wasm.ts";

// Most responsibilities are exactly 0 by the rule of zero once components part, so M lists the vectors of points that
// have another, and walks the list. What it leaves out would add zeros, so the list changes no bit.

/** An entry of the list: √r of a vector of points, then the address of their first feature. */
export const ENTRY_BYTES: number = 2 * VECTOR_BYTES;
export const ENTRY_POINTS: number = VECTOR_BYTES;

/** Lists hold a multiple of so many entries: the last ones may have √r = 0. */
export const ENTRIES = 2;

const VECTORS = 4;

/**
 * √r = h · √(ω / s); without branches: every entry is written, and the list grows only where it counts.
 * out: end of the list, and N = Σ r
 */
export function listSurvivors(
  setting: Setting,
  p: Record<"points" | "pointsEnd" | "joint" | "scales" | "list", Variable<"i32">>,
): { end: Variable<"i32">; mass: Vector } {
  const { lanes } = setting;
  const mass = vector(lanes.zero());
  const start = integer(p.points);
  const end = integer(p.list);
  walkTiles(setting, p.points, p.pointsEnd, VECTORS * VECTOR_BYTES, () => {
    for (const v of range(VECTORS)) {
      const root = vector(lanes.mul(load(at(v * VECTOR_BYTES, p.joint)), load(at(v * VECTOR_BYTES, p.scales))));
      set(mass, lanes.madd(root, root, mass));
      store(at(0, end), root);
      storeInteger(at(ENTRY_POINTS, end), plus(p.points, v * VECTOR_BYTES));
      advance(end, shiftedLeft(anyTrue(root), Math.log2(ENTRY_BYTES)));
    }
    advance(p.joint, VECTORS * VECTOR_BYTES);
    advance(p.scales, VECTORS * VECTOR_BYTES);
  });
  store(at(0, end), lanes.zero());
  storeInteger(at(ENTRY_POINTS, end), start);
  set(end, roundedUp(end, ENTRIES * ENTRY_BYTES));
  return { end, mass };
}
