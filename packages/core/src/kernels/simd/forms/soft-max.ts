import { RULE_SLOPE } from "../../../mixture/density.ts";
import type { ComponentLayout } from "../arithmetic/component.ts";
import { halfExponentials } from "../arithmetic/exponential.ts";
import { logarithm } from "../arithmetic/logarithm.ts";
import type { Kept } from "../arithmetic/survivors.ts";
import type { ConstantPool } from "../language/constants.ts";
import { range } from "../language/range.ts";
import {
  advance,
  and,
  at,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  store,
  type Variable,
  type Vector,
  vector,
} from "../language/wasm.ts";
import type { Form } from "./form.ts";

// From log joint densities lp_c to responsibilities, for each point:
//   m = max_c lp_c,  h_c = exp((lp_c − m)/2),  s = Σ_c h_c²,  log density = m + log s,  √(ω r_c) = h_c · √(ω / s)
// with h_c replaced by 0 before s is taken where the rule of zero holds: lp_c · 31/32 + β_c < m. The square root is what
// the scatter wants (moments.ts), and so it costs one root per point instead of one per component. Other sums want r:
// they are left e_c = h_c² and ω / s.

/** Vectors of points side by side. */
const WIDTH = 4;

/** What the code is made of. */
interface Code {
  readonly lanes: Lanes;
  readonly pool: ConstantPool;
  readonly layout: ComponentLayout;
  readonly keeps: Kept;
}

/** Of a strip of points: m and s. */
interface Strip {
  readonly largest: readonly Vector[];
  readonly sums: readonly Variable<"v128">[];
}

/** Of all points: Σ ω (m + log s) and Σ ω. */
interface Totals {
  readonly logLikelihood: Variable<"v128">;
  readonly weight: Variable<"v128">;
}

/**
 * in:  joint: k rows of points, `jointStride` bytes apart, lp; weights ω; parameters from `components` on
 * out: joint: h, or e; scales: √(ω / s), or ω / s; logDensities; totals: Σ ω (m + log s) and Σ ω are added to its two vectors
 */
export function softMax(lanes: Lanes, pool: ConstantPool, form: Form): Routine {
  const code: Code = { lanes, pool, layout: form.component, keeps: form.keeps };
  const names = [
    "joint",
    "jointEnd",
    "jointStride",
    "lastRow",
    "components",
    "weights",
    "scales",
    "logDensities",
    "totals",
  ] as const;
  const { vectorBytes } = lanes;
  return routine(names, (p) => {
    const totals: Totals = { logLikelihood: vector(lanes.zero()), weight: vector(lanes.zero()) };
    repeat(() => {
      const end = integer(plus(p.joint, p.lastRow));
      const largest = largestOf(lanes, p.joint, end, p.jointStride);
      const strip = { largest, sums: range(WIDTH).map(() => vector(lanes.zero())) };
      exponentiateRows(code, { ...p, end }, strip);
      finish(code, p, strip, totals);
      for (const pointer of [p.joint, p.weights, p.scales, p.logDensities]) advance(pointer, WIDTH * vectorBytes);
      return lessThan(p.joint, p.jointEnd);
    });
    store(at(0, p.totals), lanes.add(lanes.load(at(0, p.totals)), totals.logLikelihood));
    store(at(vectorBytes, p.totals), lanes.add(lanes.load(at(vectorBytes, p.totals)), totals.weight));
  });
}

/** m of each vector. */
function largestOf(lanes: Lanes, joint: Integer, end: Integer, stride: Integer): Variable<"v128">[] {
  const row = integer(joint);
  const largest = range(WIDTH).map((v) => vector(lanes.load(at(v * lanes.vectorBytes, row))));
  repeat(() => {
    largest.forEach((m, v) => {
      set(m, lanes.greatest(m, lanes.load(at(v * lanes.vectorBytes, row))));
    });
    advance(row, stride);
    return lessThan(row, end);
  });
  return largest;
}

interface Rows {
  readonly joint: Integer;
  readonly end: Integer;
  readonly jointStride: Integer;
  readonly components: Integer;
}

function exponentiateRows(
  { lanes, pool, layout, keeps }: Code,
  { joint, end, jointStride, components }: Rows,
  { largest, sums }: Strip,
): void {
  const row = integer(joint);
  const component = integer(components);
  repeat(() => {
    const h = largest.map((m, v) => vector(lanes.sub(lanes.load(at(v * lanes.vectorBytes, row)), m)));
    halfExponentials(lanes, pool, h);
    const slope = vector(pool.splat(RULE_SLOPE));
    const threshold = vector(lanes.splat(at(layout.zeroThreshold, component)));
    h.forEach((hv, v) => {
      const logJoint = lanes.load(at(v * lanes.vectorBytes, row));
      const counts = lanes.atLeast(lanes.madd(logJoint, slope, threshold), largest[v]);
      set(hv, and(keeps === "root" ? hv : lanes.mul(hv, hv), counts));
    });
    h.forEach((hv, v) => {
      set(sums[v], keeps === "root" ? lanes.madd(hv, hv, sums[v]) : lanes.add(sums[v], hv));
      store(at(v * lanes.vectorBytes, row), hv);
    });
    advance(component, layout.bytes);
    advance(row, jointStride);
    return lessThan(row, end);
  });
}

/** Per point: √(ω / s) or ω / s, the log density, and its part of the log-likelihood. */
function finish(
  { lanes, pool, keeps }: Code,
  p: Record<"weights" | "scales" | "logDensities", Integer>,
  { largest, sums }: Strip,
  totals: Totals,
): void {
  sums.forEach((sum, v) => {
    const weight = vector(lanes.load(at(v * lanes.vectorBytes, p.weights)));
    const scale = lanes.div(weight, sum);
    store(at(v * lanes.vectorBytes, p.scales), keeps === "root" ? lanes.sqrt(scale) : scale);
    const logDensity = vector(lanes.add(largest[v], logarithm(lanes, pool, sum)));
    store(at(v * lanes.vectorBytes, p.logDensities), logDensity);
    set(totals.logLikelihood, lanes.madd(weight, logDensity, totals.logLikelihood));
    set(totals.weight, lanes.add(totals.weight, weight));
  });
}
