import type { ComponentLayout } from "./component.ts";
import type { Setting } from "./form.ts";
import type { Scratch } from "./memory.ts";
import { addScatter } from "./scatter.ts";
import { ENTRY_BYTES, ENTRY_POINTS, listSurvivors } from "./survivors.ts";
import { BLOCK_ROWS, range } from "./triangle-blocks.ts";
import {
  type Address,
  advance,
  at,
  type Integer,
  integer,
  lessThan,
  load,
  loadInteger,
  minus,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  shifted,
  shiftedRight,
  smaller,
  store,
  VECTOR_BYTES,
  vector,
  when,
} from "./wasm.ts";

// M of a component: with z = x − μ and u = √r z, N += Σ r, s += Σ √r u, S += Σ u uᵀ, over the points of a group whose r
// is not 0. They are taken in chunks that stay in the first-level cache: first the u of a chunk, and s, then S.

/** in: component; points … pointsEnd; joint, h; scales, √(ω / s); list, room for the survivors; out: sums, added to */
export function triangularMoments(setting: Setting, component: ComponentLayout, scratch: Scratch, sums: number): Routine {
  const { lanes, features, unrolled } = setting;
  const names = ["component", "points", "pointsEnd", "joint", "scales", "list", "sums"] as const;
  return routine(names, (p) => {
    const entry = integer(p.list);
    const { end, mass } = listSurvivors(setting, p);
    store(at(0, p.sums), lanes.add(load(at(0, p.sums)), mass));
    when(lessThan(entry, end), () => {
      const whole = integer();
      repeat(() => {
        set(whole, plus(entry, scratch.chunk * ENTRY_BYTES));
        const chunkEnd = integer(smaller(whole, end));
        weigh(setting, scratch, at(component.pivot, p.component), entry, chunkEnd);
        const bytes = integer(shiftedRight(minus(chunkEnd, entry), Math.log2(ENTRY_BYTES / VECTOR_BYTES)));
        addScatter({ lanes, unrolled, size: features, ...scratch, sums: scratch.sums + features * VECTOR_BYTES }, bytes);
        set(entry, chunkEnd);
        return lessThan(entry, end);
      });
      addToTotals(setting, scratch.sums, plus(p.sums, VECTOR_BYTES), sums - 1);
    });
  });
}

/** u = √r (x − μ) of a chunk of survivors, into scratch memory; s += √r u. */
function weigh(setting: Setting, scratch: Scratch, pivot: Address, entry: Integer, end: Integer): void {
  const { features, tileSize, lanes, unrolled } = setting;
  const rowBytes = tileSize * lanes.bytes;
  if (unrolled) {
    for (let j = 0; j < features; j += BLOCK_ROWS) {
      const place = { x: at(j * rowBytes), mean: shifted(pivot, j * lanes.bytes), sums: at(scratch.sums + j * VECTOR_BYTES) };
      weighFeatures(Math.min(BLOCK_ROWS, features - j), { ...place, row: at(j * scratch.rowBytes) });
    }
    return;
  }
  const whole = features - (features % BLOCK_ROWS);
  const [x, mean, sums, row] = [integer(0), integer(pivot.pointer), integer(scratch.sums), integer(0)];
  const place = { x: at(0, x), mean: at(pivot.offset, mean), sums: at(0, sums), row: at(0, row) };
  if (whole > 0) {
    repeat(() => {
      weighFeatures(BLOCK_ROWS, place);
      advance(x, BLOCK_ROWS * rowBytes);
      advance(mean, BLOCK_ROWS * lanes.bytes);
      advance(sums, BLOCK_ROWS * VECTOR_BYTES);
      advance(row, BLOCK_ROWS * scratch.rowBytes);
      return lessThan(row, whole * scratch.rowBytes);
    });
  }
  if (whole < features) weighFeatures(features - whole, place);

  /** in: offsets of the first feature in a point, in the pivot, in the sums and in the rows of scratch memory */
  function weighFeatures(count: number, first: Record<"x" | "mean" | "sums" | "row", Address>): void {
    const means = range(count).map((j) => vector(lanes.splat(shifted(first.mean, j * lanes.bytes))));
    const totals = range(count).map((j) => vector(load(shifted(first.sums, j * VECTOR_BYTES))));
    const survivor = integer(entry);
    const out = integer(first.row.pointer);
    repeat(() => {
      const root = vector(load(at(0, survivor)));
      const point = integer(loadInteger(at(ENTRY_POINTS, survivor)));
      const xs = first.x.offset === 0 ? at(0, integer(plus(point, first.x.pointer))) : at(first.x.offset, point);
      range(count).forEach((j) => {
        const z = vector(lanes.sub(load(shifted(xs, j * rowBytes)), means[j]));
        const u = vector(lanes.mul(root, z));
        store(at(scratch.u + first.row.offset + j * scratch.rowBytes, out), u);
        set(totals[j], lanes.madd(root, u, totals[j]));
      });
      advance(out, VECTOR_BYTES);
      advance(survivor, ENTRY_BYTES);
      return lessThan(survivor, end);
    });
    totals.forEach((total, j) => {
      store(shifted(first.sums, j * VECTOR_BYTES), total);
    });
  }
}

/** out: totals += sums, and the sums are 0 again. in: count, vectors */
function addToTotals(setting: Setting, sums: number, totals: Integer, count: number): void {
  const { lanes } = setting;
  const [from, to] = [integer(sums), integer(totals)];
  repeat(() => {
    store(at(0, to), lanes.add(load(at(0, to)), load(at(0, from))));
    store(at(0, from), lanes.zero());
    advance(from, VECTOR_BYTES);
    advance(to, VECTOR_BYTES);
    return lessThan(from, sums + count * VECTOR_BYTES);
  });
}
