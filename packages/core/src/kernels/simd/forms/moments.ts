import { exponentOf } from "../../../linear-algebra/powers-of-two.ts";
import { triangleLength } from "../../../linear-algebra/triangle.ts";
import { addScatter } from "../arithmetic/scatter.ts";
import { addFrom } from "../arithmetic/sums.ts";
import { ENTRIES, ENTRY, type Entries, inChunks, listSurvivors } from "../arithmetic/survivors.ts";
import { type TriangularProduct, triangularProduct } from "../arithmetic/triangular-product.ts";
import { walkFeatures } from "../language/feature-walk.ts";
import { range } from "../language/range.ts";
import { overHalves, type Setting, WHOLE_BYTES } from "../language/setting.ts";
import {
  type Address,
  advance,
  at,
  type Integer,
  integer,
  lessThan,
  loadInteger,
  minus,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  shifted,
  shiftedRight,
  store,
  vector,
  when,
} from "../language/wasm.ts";
import type { FormCode } from "./form.ts";
import type { Scratch } from "./memory.ts";
import { placesOf, type TriangularParameters } from "./triangular-density.ts";

// M of a component: with z = x − μ and u = √r z, N += Σ r, s += Σ √r u, S += Σ u uᵀ, over the points of a group whose r
// is not 0, first of one half of all vectors, if the code is not as wide. They are taken in chunks that stay in the first-level cache: first the u of a chunk, and s, then S. In a frame
// F only u differs: √r F z, made of F z as E makes y.

/** The routines `moments` and, in f64, `framedMoments` of a form whose joint are h and scales √(ω / s). */
export function triangularMoments(
  setting: Setting,
  parameters: TriangularParameters,
  scratch: Scratch,
): Pick<FormCode, "moments" | "framedMoments"> {
  const moments = (framed: boolean) => momentsOf(setting, parameters, scratch, framed);
  return { moments: moments(false), ...(setting.bytes === 8 && { framedMoments: moments(true) }) };
}

const NAMES = ["component", "runs", "runsEnd", "joint", "scales", "list", "sums", "sharedSums"] as const;
const FRAMED_NAMES = [...NAMES, "shared"] as const;

/**
 * in: component, runs … runsEnd of points; joint, h; scales, √(ω / s); list, room for the survivors; in a frame: shared, where
 * that stands if not with the component. out: sums, added to
 */
function momentsOf(setting: Setting, parameters: TriangularParameters, scratch: Scratch, framed: boolean): Routine {
  const { lanes, wide, features, unrolled } = setting;
  const { component, factor } = parameters;
  const { vectorBytes } = lanes;
  const { whole } = setting;
  const scatterStart = scratch.sums + features * vectorBytes;
  return routine(framed ? FRAMED_NAMES : NAMES, (p) => {
    const start = integer(p.list);
    const { end, mass } = listSurvivors(setting, "root", p);
    store(at(0, p.sums), whole.wide.add(whole.wide.load(at(0, p.sums)), mass));
    when(lessThan(start, end), () => {
      overHalves(setting, (half) => {
        const survivors = { start: integer(plus(start, half)), end: integer(plus(end, half)) };
        inChunks(survivors, scratch.chunk * ENTRY.bytes, (chunk) => {
          weigh(setting, scratch, chunk, { pivot: at(component.pivot, p.component), keepsPoints: framed });
          if (framed) turn(setting, scratch, chunk, placesOf(parameters, p));
          const bytes = integer(shiftedRight(minus(chunk.end, chunk.start), exponentOf(ENTRY.bytes / vectorBytes)));
          const { u, rowBytes } = scratch;
          addScatter({ lanes, unrolled, size: features, u, rowBytes, sums: scatterStart }, bytes);
          if (lanes !== wide) addToTotals(p, half);
        });
        if (lanes === wide) addToTotals(p, half);
      });
    });
  });

  function addToTotals(p: Record<"sums" | "sharedSums", Integer>, half: Integer | number): void {
    addAll(setting, scratch.sums, plus(plus(p.sums, WHOLE_BYTES), half), features);
    const scatter = factor.shared ? p.sharedSums : plus(p.sums, (1 + features) * WHOLE_BYTES);
    addAll(setting, scatterStart, plus(scatter, half), triangleLength(features));
  }
}

/** u = √r (x − μ) of a chunk of survivors, into scratch memory, or x as it is; s += √r u. */
function weigh(
  setting: Setting,
  scratch: Scratch,
  { start, end }: Entries,
  { pivot, keepsPoints }: { readonly pivot: Address; readonly keepsPoints: boolean },
): void {
  const { features, tileSize, lanes, unrolled } = setting;
  const { vectorBytes } = lanes;
  const rowBytes = tileSize * lanes.bytes;
  const rows = {
    x: { first: at(0), bytes: rowBytes },
    mean: { first: pivot, bytes: lanes.bytes },
    sums: { first: at(scratch.sums), bytes: vectorBytes },
    u: { first: at(scratch.u), bytes: scratch.rowBytes },
  };
  walkFeatures(features, unrolled, rows, (count, first) => {
    const means = range(count).map((j) => vector(lanes.splat(shifted(first.mean, j * lanes.bytes))));
    const totals = range(count).map((j) => vector(lanes.load(shifted(first.sums, j * vectorBytes))));
    const survivor = integer(start);
    const out = integer(first.u.pointer);
    repeat(() => {
      const root = vector(lanes.load(at(0, survivor)));
      const points = at(first.x.offset, integer(plus(loadInteger(at(ENTRY.points, survivor)), first.x.pointer)));
      for (const j of range(count)) {
        const x = lanes.load(shifted(points, j * rowBytes));
        const u = vector(lanes.mul(root, lanes.sub(x, means[j])));
        store(at(first.u.offset + j * scratch.rowBytes, out), keepsPoints ? x : u);
        set(totals[j], lanes.madd(root, u, totals[j]));
      }
      advance(out, vectorBytes);
      advance(survivor, ENTRY.bytes);
      return lessThan(survivor, end);
    });
    totals.forEach((total, j) => void store(shifted(first.sums, j * vectorBytes), total));
  });
}

/** u = √r F (x − μ) of a chunk of survivors, in the place of their x; no row of x is read after its u is there. */
function turn(
  { lanes, features, unrolled }: Setting,
  { u, rowBytes, centred }: Scratch,
  { start, end }: Entries,
  frame: Pick<TriangularProduct, "pivot" | "biases" | "factor">,
): void {
  const { vectorBytes } = lanes;
  const survivor = integer(start);
  const points = integer(u);
  const product = { ...frame, lanes, size: features, vectors: ENTRIES, x: at(0, points), rowBytes, scratch: centred };
  repeat(() => {
    const out = integer(points);
    triangularProduct({ ...product, unrolled }, (y) => {
      y.forEach((row, i) => {
        row.forEach((yv, v) => {
          const root = lanes.load(at(v * ENTRY.bytes, survivor));
          store(at(i * rowBytes + v * vectorBytes, out), lanes.mul(root, yv));
        });
      });
      advance(out, y.length * rowBytes);
    });
    advance(points, ENTRIES * vectorBytes);
    advance(survivor, ENTRIES * ENTRY.bytes);
    return lessThan(survivor, end);
  });
}

/** out: totals, or a half of them, += sums, and the sums are 0 again. in: count, vectors */
function addAll(setting: Setting, sums: number, totals: Integer, count: number): void {
  const { lanes } = setting;
  const [from, to] = [integer(sums), integer(totals)];
  repeat(() => {
    addFrom(setting, at(0, to), at(0, from));
    store(at(0, from), lanes.zero());
    advance(from, lanes.vectorBytes);
    advance(to, WHOLE_BYTES);
    return lessThan(from, sums + count * lanes.vectorBytes);
  });
}
