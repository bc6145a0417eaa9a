import { exponentOf } from "../../../linear-algebra/powers-of-two.ts";
import { fieldOf, RUN, walkList } from "../language/lists.ts";
import { range } from "../language/range.ts";
import { type Setting, WHOLE_BYTES } from "../language/setting.ts";
import { walkTiles } from "../language/tile-walk.ts";
import {
  advance,
  anyTrue,
  at,
  demoted,
  type Integer,
  integer,
  lessThan,
  plus,
  repeat,
  roundedUp,
  set,
  shiftedLeft,
  smaller,
  store,
  storeInteger,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";

// Most responsibilities are exactly 0 by the rule of zero once components part, so M lists the vectors of points that
// have another, and walks the list. What it leaves out would add zeros, so the list changes no bit (in f32 it moves the
// ends of the chunks after which sums are added to f64 totals).

/** The soft-max leaves h = √e with √(ω / s), or e with ω / s: their product is √(ω r), or ω r. */
export type Kept = "root" | "responsibility";

/**
 * An entry of the list: √r (or r) of a whole vector of points, then the address of their first feature; for code of 128
 * bits, that of the second half 16 bytes on.
 */
export const ENTRY: Readonly<Record<"points" | "bytes", number>> = { points: WHOLE_BYTES, bytes: 2 * WHOLE_BYTES };

/** Lists hold a multiple of so many entries: the last ones may be 0. */
export const ENTRIES = 2;

const MOST_VECTORS = 4;

/**
 * √r = h · √(ω / s), or r = e · ω / s; without branches: every entry is written, and the list grows only where it counts.
 * out: end of the list, and N = Σ r
 */
export function listSurvivors(
  setting: Setting,
  keeps: Kept,
  p: Record<"runs" | "runsEnd" | "joint" | "scales" | "list", Variable<"i32">>,
): { end: Variable<"i32">; mass: Vector } {
  const { tileSize, vectorBytes } = setting;
  const { lanes, wide } = setting.whole;
  const parts = lanes.count / wide.count;
  const vectors = Math.min(MOST_VECTORS, tileSize / lanes.count);
  const mass = vector(wide.zero());
  const start = fieldOf(p.runs, RUN.points);
  const end = integer(p.list);
  walkRuns(p, ({ points, pointsEnd, joint, scales }) => {
    walkTiles(setting, points, pointsEnd, vectors * WHOLE_BYTES, () => {
      for (const v of range(vectors)) {
        const kepts = range(parts).map((part) => weigh({ joint, scales }, (v * parts + part) * WHOLE_BYTES));
        const entry = vector(parts === 1 ? kepts[0] : demoted(kepts[0], kepts[1]));
        store(at(0, end), entry);
        storePoints(plus(points, v * WHOLE_BYTES));
        advance(end, shiftedLeft(anyTrue(entry), exponentOf(ENTRY.bytes)));
      }
      advance(joint, vectors * parts * WHOLE_BYTES);
      advance(scales, vectors * parts * WHOLE_BYTES);
    });
  });
  store(at(0, end), lanes.zero());
  storePoints(start);
  set(end, roundedUp(end, ENTRIES * ENTRY.bytes));
  return { end, mass };

  function storePoints(points: Integer): void {
    for (let half = 0; half < WHOLE_BYTES; half += vectorBytes) {
      storeInteger(at(ENTRY.points + half, end), plus(points, half));
    }
  }

  function weigh({ joint, scales }: Record<"joint" | "scales", Integer>, offset: number): Vector {
    const kept = vector(wide.mul(wide.load(at(offset, joint)), wide.load(at(offset, scales))));
    set(mass, keeps === "root" ? wide.madd(kept, kept, mass) : wide.add(mass, kept));
    return kept;
  }
}

/** Points side by side in a group, and their numbers in the row of a component. */
type Run = Record<"points" | "pointsEnd" | "joint" | "scales", Variable<"i32">>;

/** Walks over the runs of points that a component has; all of them make one chain of additions. */
export function walkRuns(
  { runs, runsEnd, joint, scales }: Record<"runs" | "runsEnd" | "joint" | "scales", Integer>,
  treat: (run: Run) => void,
): void {
  walkList(runs, runsEnd, RUN.bytes, (run) => {
    const offset = fieldOf(run, RUN.offset);
    treat({
      points: fieldOf(run, RUN.points),
      pointsEnd: fieldOf(run, RUN.pointsEnd),
      joint: integer(plus(joint, offset)),
      scales: integer(plus(scales, offset)),
    });
  });
}

/** Entries of the list [start, end), at least one. */
export interface Entries {
  readonly start: Variable<"i32">;
  readonly end: Variable<"i32">;
}

/** Treats a list in pieces of `bytes`, the last one shorter. */
export function inChunks({ start, end }: Entries, bytes: number, treat: (chunk: Entries) => void): void {
  const entry = integer(start);
  const whole = integer();
  repeat(() => {
    set(whole, plus(entry, bytes));
    const chunkEnd = integer(smaller(whole, end));
    treat({ start: entry, end: chunkEnd });
    set(entry, chunkEnd);
    return lessThan(entry, end);
  });
}
