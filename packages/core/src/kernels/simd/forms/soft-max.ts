import { RULE_SLOPE } from "../../../mixture/density.ts";
import type { ComponentLayout } from "../arithmetic/component.ts";
import { halfExponentials } from "../arithmetic/exponential.ts";
import { logarithm } from "../arithmetic/logarithm.ts";
import type { Kept } from "../arithmetic/survivors.ts";
import type { ConstantPool } from "../language/constants.ts";
import { fieldOf, LISTED, walkList } from "../language/lists.ts";
import { range } from "../language/range.ts";
import { WHOLE_BYTES } from "../language/setting.ts";
import {
  advance,
  and,
  anyTrue,
  at,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  loadInteger,
  or,
  plus,
  type Routine,
  repeat,
  routine,
  set,
  store,
  type Variable,
  type Vector,
  vector,
  when,
} from "../language/wasm.ts";
import type { Form } from "./form.ts";

// From log joint densities lp_c to responsibilities, for each point:
//   m = max_c lp_c,  h_c = exp((lp_c − m)/2),  s = Σ_c h_c²,  log density = m + log s,  √(ω r_c) = h_c · √(ω / s)
// with h_c replaced by 0 before s is taken where the rule of zero holds: lp_c · 31/32 + β_c < m. The square root is what
// the scatter wants (moments.ts), and so it costs one root per point instead of one per component. Other sums want r:
// they are left e_c = h_c² and ω / s.

/** Vectors of points side by side. */
export const WIDTH = 4;

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

/** Of the points of a group: Σ ω (m + log s) and Σ ω, each as the vectors that make up a whole one. */
interface Chains {
  readonly logLikelihood: readonly Variable<"v128">[];
  readonly weight: readonly Variable<"v128">[];
}

/**
 * in:  entries … entriesEnd, a list of components; in their rows from `offset` to `offsetEnd`, lp; weights ω
 * out: in the rows h, or e; scales: √(ω / s), or ω / s; logDensities; chains: Σ ω (m + log s) and Σ ω are added to its two
 * vectors, point by point
 */
export function softMax(lanes: Lanes, pool: ConstantPool, form: Form): Routine {
  const code: Code = { lanes, pool, layout: form.component, keeps: form.keeps };
  const names = [
    "entries",
    "entriesEnd",
    "offset",
    "offsetEnd",
    "weights",
    "scales",
    "logDensities",
    "chains",
  ] as const;
  const { vectorBytes } = lanes;
  return routine(names, (p) => {
    const places = (from: number) => range(WHOLE_BYTES / vectorBytes).map((i) => at(from + i * vectorBytes, p.chains));
    const [logLikelihood, weight] = [0, WHOLE_BYTES].map((from) =>
      places(from).map((place) => vector(lanes.load(place))),
    );
    repeat(() => {
      const strip = { largest: largestOf(lanes, p), sums: range(WIDTH).map(() => vector(lanes.zero())) };
      exponentiateRows(code, p, strip);
      finish(code, p, strip, { logLikelihood, weight });
      for (const pointer of [p.offset, p.weights, p.scales, p.logDensities]) advance(pointer, WIDTH * vectorBytes);
      return lessThan(p.offset, p.offsetEnd);
    });
    places(0).forEach((place, i) => void store(place, logLikelihood[i]));
    places(WHOLE_BYTES).forEach((place, i) => void store(place, weight[i]));
  });
}

/** The rows of listed components, at the points of a strip. */
type Rows = Readonly<Record<"entries" | "entriesEnd" | "offset", Integer>>;

/** m of each vector. */
export function largestOf(lanes: Lanes, { entries, entriesEnd, offset }: Rows): Variable<"v128">[] {
  const first = integer(plus(loadInteger(at(LISTED.row, entries)), offset));
  const largest = range(WIDTH).map((v) => vector(lanes.load(at(v * lanes.vectorBytes, first))));
  walkList(entries, entriesEnd, LISTED.bytes, (entry) => {
    const row = integer(plus(loadInteger(at(LISTED.row, entry)), offset));
    largest.forEach((m, v) => {
      set(m, lanes.greatest(m, lanes.load(at(v * lanes.vectorBytes, row))));
    });
  });
  return largest;
}

function exponentiateRows(
  { lanes, pool, layout, keeps }: Code,
  { entries, entriesEnd, offset }: Rows,
  { largest, sums }: Strip,
): void {
  walkList(entries, entriesEnd, LISTED.bytes, (entry) => {
    const row = integer(plus(loadInteger(at(LISTED.row, entry)), offset));
    const place = (v: number) => at(v * lanes.vectorBytes, row);
    const slope = vector(pool.splat(RULE_SLOPE));
    const threshold = vector(lanes.splat(at(layout.zeroThreshold, fieldOf(entry, LISTED.component))));
    const counts = largest.map((m, v) => vector(lanes.atLeast(lanes.madd(lanes.load(place(v)), slope, threshold), m)));
    const any = integer(anyTrue(vector(or(or(counts[0], counts[1]), or(counts[2], counts[3])))));
    // Most components that are listed reach few strips of a tile.
    when(lessThan(any, 1), () => {
      for (const v of range(WIDTH)) store(place(v), lanes.zero());
    });
    when(any, () => {
      const h = largest.map((m, v) => vector(lanes.sub(lanes.load(place(v)), m)));
      halfExponentials(lanes, pool, h);
      h.forEach((hv, v) => {
        set(hv, and(keeps === "root" ? hv : lanes.mul(hv, hv), counts[v]));
        set(sums[v], keeps === "root" ? lanes.madd(hv, hv, sums[v]) : lanes.add(sums[v], hv));
        store(place(v), hv);
      });
    });
  });
}

/** Per point: √(ω / s) or ω / s, the log density, and its part of the log-likelihood. */
function finish(
  { lanes, pool, keeps }: Code,
  p: Record<"weights" | "scales" | "logDensities", Integer>,
  { largest, sums }: Strip,
  chains: Chains,
): void {
  sums.forEach((sum, v) => {
    const weight = vector(lanes.load(at(v * lanes.vectorBytes, p.weights)));
    const scale = lanes.div(weight, sum);
    store(at(v * lanes.vectorBytes, p.scales), keeps === "root" ? lanes.sqrt(scale) : scale);
    const logDensity = vector(lanes.add(largest[v], logarithm(lanes, pool, sum)));
    store(at(v * lanes.vectorBytes, p.logDensities), logDensity);
    const half = v % chains.weight.length;
    const [logLikelihood, total] = [chains.logLikelihood[half], chains.weight[half]];
    set(logLikelihood, lanes.madd(weight, logDensity, logLikelihood));
    set(total, lanes.add(total, weight));
  });
}
