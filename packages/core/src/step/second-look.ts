import { covarianceForm } from "../covariance/covariance.ts";
import { MOST_INFLATION } from "../covariance/estimate.ts";
import { type Regularization, regularizes } from "../covariance/regularization.ts";
import type { Prior } from "../fit/prior.ts";
import { rounded } from "../linear-algebra/compensated-sum.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { type Frames, framesOf, type Measure } from "../statistics/frames.ts";
import { type SufficientStatistics, WEIGHT_TOTAL } from "../statistics/sufficient-statistics.ts";
import { type Estimate, estimate } from "./estimate.ts";
import { updated } from "./prior/update.ts";

/** An estimate that needs no further look, and which components were measured again for it. */
export interface Settled extends Estimate {
  /** as the points alone have it, before a prior meets it */
  readonly data: Estimate;
  readonly redone: readonly number[];
}

/** Squared move of a mean, in variances, beyond which δδᵀ costs the covariance more than a digit. */
const MOST_MOVE = 16;
/** Shrinking of a covariance beyond which what the rule of zero dropped might show. */
const MOST_SHRINKAGE = 2 ** 12;
const MOST_ROUNDS = 2;

/** What to judge by. */
export interface RedoRule {
  readonly regularization: Regularization;
  /** the mixture of the responsibilities, where the rule of zero may have rounded them */
  readonly old?: Mixture | undefined;
  /** what the estimate is updated by before it is judged */
  readonly prior?: Prior | undefined;
}

/**
 * The redo rule (derivation.md §9): asks for the statistics of doubtful components again, about their new means, in new
 * frames, without the rule of zero and with the responsibilities of the old mixture, at most twice. A generator, so
 * that passes may be run at once or awaited: it yields what to measure from and is given statistics.
 */
export function* settling(
  first: SufficientStatistics,
  rule: RedoRule,
): Generator<Measure, Settled, SufficientStatistics> {
  let data = estimate(first);
  let current = updated(data, rule.prior);
  const redone = new Set<number>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const doubtful = doubts(current, round === 0 ? rule : { ...rule, old: undefined });
    if (doubtful.length === 0) break;
    const again = yield { pivots: data.means, frames: framesFor(current, doubtful) };
    data = estimate(replaced(current.statistics, again, doubtful));
    current = updated(data, rule.prior);
    for (const component of doubtful) redone.add(component);
  }
  return { ...current, data, redone: [...redone].sort((a, b) => a - b) };
}

/** Answers what `settling` asks for. */
export async function settled(
  asking: Generator<Measure, Settled, SufficientStatistics>,
  remeasure: (measure: Measure) => Promise<SufficientStatistics>,
): Promise<Settled> {
  let next = asking.next();
  while (!next.done) next = asking.next(await remeasure(next.value));
  return next.value;
}

/** The components whose statistics are not good enough to judge by. */
function doubts(given: Estimate, { regularization, old }: RedoRule): number[] {
  const { layout, frames } = given.statistics;
  const { components, features, covarianceType } = layout;
  const form = covarianceForm(covarianceType);
  const inflated = (component: number) => given.inflations[component] > MOST_INFLATION;
  const moves = form.moves(given.shifts, given.masses, held(given, regularization));
  const shrunk = old === undefined ? () => false : shrinking(given, regularization, old);
  const floored = lazily(() => regularizedCopy(given, regularization));

  const doubtful = (component: number): boolean => {
    if (!(given.masses[component] > 0)) return false;
    if (moves[component] > MOST_MOVE || shrunk(component)) return true;
    if (!inflated(component)) return false;
    // A direction that the floor will hold up anyway needs no more digits once it is seen in a frame.
    if (!floored().changed.has(component)) return true;
    const thin = form.inflations(floored(), components, features)[component] > MOST_INFLATION;
    return thin && frames.framed[component] === 0;
  };
  const list = [...given.masses.keys()].filter(doubtful);
  // One scatter for all can only be taken again as a whole.
  return covarianceType === "tied" && list.length > 0 ? [...given.masses.keys()] : list;
}

/** Variances as the M-step will leave them at least. out: k × d */
function held(given: Estimate, { floors, ridges }: Regularization): Float64Array {
  const { components, features, covarianceType } = given.statistics.layout;
  const variances = covarianceForm(covarianceType).variances(given.packedCovariances, components, features);
  return variances.map((variance, i) => Math.max(variance, floors[i % features]) + ridges[i % features]);
}

/** Did a covariance shrink so much that the rule of zero, whose loss is relative to the old one, might show? */
function shrinking(given: Estimate, regularization: Regularization, old: Mixture): (component: number) => boolean {
  const { components, features, covarianceType } = given.statistics.layout;
  const form = covarianceForm(covarianceType);
  const total = rounded(given.statistics)[WEIGHT_TOTAL];
  const lost = (component: number) => (old.weights[component] * total) / given.masses[component];
  const plain = form.shrinkages(old, given, components, features);
  const above = lazily(() => form.shrinkages(old, regularizedCopy(given, regularization), components, features));
  const shrunk = (shrinkages: Float64Array, component: number) =>
    lost(component) * shrinkages[component] > MOST_SHRINKAGE;
  return (component) => shrunk(plain, component) && (!regularizes(regularization) || shrunk(above(), component));
}

/** The covariances after floor and ridge, and which of them those changed. */
function regularizedCopy(given: Estimate, regularization: Regularization) {
  const { components, features, covarianceType } = given.statistics.layout;
  const copy = { packedCovariances: given.packedCovariances.slice(), factors: given.factors.slice() };
  const form = covarianceForm(covarianceType);
  const floored = form.regularize(copy, components, features, regularization);
  const all = regularization.ridges[0] > 0 || (covarianceType === "tied" && floored.length > 0);
  return { ...copy, changed: new Set(all ? given.masses.keys() : floored.map(({ component }) => component)) };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Frames by the frame rule, and wherever the scatter was singular; the other components are left out. */
function framesFor(given: Estimate, doubtful: readonly number[]): Frames {
  const { framed } = framesOf({ ...given.statistics.layout, ...given });
  const flags = new Int8Array(framed.length).fill(-1);
  for (const component of doubtful) {
    flags[component] = given.inflations[component] === Number.POSITIVE_INFINITY ? 1 : framed[component];
  }
  return { framed: flags, factors: given.factors };
}

/** Statistics with those of some components replaced by another measurement. */
function replaced(
  before: SufficientStatistics,
  again: SufficientStatistics,
  components: readonly number[],
): SufficientStatistics {
  const { layout } = before;
  const { features, responsibilitySums, weightedSums, scatter } = layout;
  const out = {
    ...before,
    pivots: before.pivots.slice(),
    frames: { framed: before.frames.framed.slice(), factors: before.frames.factors.slice() },
    sums: before.sums.slice(),
    errors: before.errors.slice(),
  };
  const length = (layout.length - scatter) / (layout.covarianceType === "tied" ? 1 : layout.components);
  for (const component of components) {
    const own = layout.covarianceType === "tied" ? 0 : component * length;
    const copy = (to: Float64Array, from: Float64Array, start: number, count: number) =>
      to.set(from.subarray(start, start + count), start);
    copy(out.pivots, again.pivots, component * features, features);
    copy(out.frames.factors, again.frames.factors, own, length);
    out.frames.framed[component] = again.frames.framed[component];
    for (const part of ["sums", "errors"] as const) {
      copy(out[part], again[part], responsibilitySums + component, 1);
      copy(out[part], again[part], weightedSums + component * features, features);
      copy(out[part], again[part], scatter + own, length);
    }
  }
  return out;
}
