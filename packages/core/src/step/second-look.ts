import { MOST_INFLATION } from "../covariance/conditioning.ts";
import { diagonalsOf, inflationsOf, owners, packedOf } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import type { Regularization } from "../covariance/regularization.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { type Frames, framesOf, type Measure } from "../statistics/frames.ts";
import type { StatisticsLayout, SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import { type Estimate, estimate } from "./estimate.ts";
import type { Met } from "./prior/prior.ts";
import type { Rules } from "./rules.ts";
import { lazily, type Regularized, regularizedCopy, shrinking } from "./shrinking.ts";

/** What an E-step finds: an estimate that is accurate enough, and the components that were measured again for it. */
export interface Expectation extends Met {
  readonly lookedAtAgain: readonly number[];
}

/** The squared move of a mean, in variances, beyond which subtracting δδᵀ costs the covariance more than a digit. */
const MOST_MOVE = 16;
const MOST_ROUNDS = 2;

/** The rules that a second look uses. */
export type LookRules = Pick<Rules, "regularization" | "prior">;

/** Statistics with the judgement on them: what must be measured again. */
export interface Look {
  readonly expected: Expectation;
  /** how many looks were taken before this one */
  readonly round: number;
  /** null: the estimate is accurate enough */
  readonly again: Again | null;
}

/** A request for a pass with the responsibilities of the old mixture, without the rule of zero. */
interface Again {
  readonly measure: Measure;
  readonly components: readonly number[];
}

/**
 * The second look (derivation.md §9): judges statistics, and asks for those of doubtful components again, about their
 * new means and in new frames.
 * in: old, the mixture that the responsibilities belong to, if the rule of zero may have rounded them
 */
export function firstLook(statistics: SufficientStatistics, rules: LookRules, old?: Mixture): Look {
  return judge(statistics, rules, { round: 0, lookedAtAgain: [], old });
}

/** Judges again, with the statistics that a look asked for. Components are measured again at most twice. */
export function lookAgain(look: Look, measured: SufficientStatistics, rules: LookRules): Look {
  const { expected, again, round } = look;
  if (again === null) return look;
  const lookedAtAgain = [...new Set([...expected.lookedAtAgain, ...again.components])].sort((a, b) => a - b);
  const statistics = withComponents(expected.statistics, measured, again.components);
  return judge(statistics, rules, { round: round + 1, lookedAtAgain });
}

/** What earlier looks left. */
interface Before {
  readonly round: number;
  readonly lookedAtAgain: readonly number[];
  readonly old?: Mixture | undefined;
}

function judge(statistics: SufficientStatistics, rules: LookRules, { round, lookedAtAgain, old }: Before): Look {
  const data = estimate(statistics);
  const met = rules.prior.meet(data);
  const components = round === MOST_ROUNDS ? [] : doubts(met, rules.regularization, old);
  if (components.length === 0) return { expected: { ...met, data, lookedAtAgain }, round, again: null };
  const again = { measure: { pivots: data.means, frames: framesFor(met, components) }, components };
  return { expected: { ...met, data, lookedAtAgain }, round, again };
}

/** The components whose statistics are not accurate enough. */
function doubts(given: Estimate, regularization: Regularization, old: Mixture | undefined): number[] {
  const { layout } = given.statistics;
  const moves = movesOf(given, regularization);
  const floored = lazily(() => regularizedCopy(given, regularization));
  const shrunk = old === undefined ? () => false : shrinking(given, floored, regularization, old);
  const thin = thinness(given, floored);
  const doubtful = (component: number): boolean =>
    given.masses[component] > 0 && (moves[component] > MOST_MOVE || shrunk(component) || thin(component));
  // A scatter that components share can be measured again only as a whole.
  const found: number[] = [];
  for (const group of owners(layout)) {
    if (group.some(doubtful)) for (const component of group) found.push(component);
  }
  return found;
}

/** Makes the test whether the scatter of a component is too thin for the frame in which it was taken. */
function thinness(given: Estimate, floored: () => Regularized): (component: number) => boolean {
  const { layout, frames } = given.statistics;
  const flooredInflations = lazily(() => inflationsOf(floored(), layout));
  return (component) => {
    if (!(given.inflations[component] > MOST_INFLATION)) return false;
    // A direction that the floor will raise anyway needs no more digits once it was measured in a frame.
    if (!floored().changed.has(component)) return true;
    return flooredInflations()[component] > MOST_INFLATION && frames.framed[component] === 0;
  };
}

/** The square of each mean's move in the step, in variances that the M-step will at least leave. out: k */
function movesOf(given: Estimate, { floors, ridges }: Regularization): Float64Array {
  const { layout } = given.statistics;
  const { features, covarianceType } = layout;
  const variances = diagonalsOf(given.packedCovariances, layout);
  for (let i = 0; i < variances.length; ) {
    for (let j = 0; j < features; j++, i++) variances[i] = Math.max(variances[i], floors[j]) + ridges[j];
  }
  const moves = zeros(layout.components);
  for (const group of owners(layout)) {
    const start = group[0] * features;
    const move = matrixForm(covarianceType).move(
      squaredShifts(given, group),
      variances.subarray(start, start + features),
    );
    for (const component of group) moves[component] = move;
  }
  return moves;
}

/** δ_j² of a component; for several, the average by mass. out: d */
function squaredShifts({ shifts, masses, statistics }: Estimate, group: readonly number[]): Float64Array {
  const { features } = statistics.layout;
  const squares = zeros(features);
  const alone = group.length === 1;
  let total = 0;
  for (const component of group) {
    const mass = alone ? 1 : masses[component];
    total += mass;
    for (let j = 0, at = component * features; j < features; j++, at++) squares[j] += mass * shifts[at] ** 2;
  }
  if (!alone) for (let j = 0; j < features; j++) squares[j] /= total;
  return squares;
}

/** Frames by the frame rule, and in any case where the scatter was singular; all other components are left out. */
function framesFor(given: Estimate, doubtful: readonly number[]): Frames {
  const { framed } = framesOf({ ...given.statistics.layout, ...given });
  const flags = new Int8Array(framed.length).fill(-1);
  for (const component of doubtful) {
    flags[component] = given.inflations[component] === Number.POSITIVE_INFINITY ? 1 : framed[component];
  }
  return { framed: flags, factors: given.factors };
}

/** Replaces the statistics of some components by another measurement. */
function withComponents(
  before: SufficientStatistics,
  again: SufficientStatistics,
  components: readonly number[],
): SufficientStatistics {
  const { layout } = before;
  const out = {
    ...before,
    pivots: before.pivots.slice(),
    frames: { framed: before.frames.framed.slice(), factors: before.frames.factors.slice() },
    sums: before.sums.slice(),
    errors: before.errors.slice(),
  };
  for (const component of components) {
    for (const [to, from] of [
      [out, again],
      [
        { ...out, sums: out.errors },
        { ...again, sums: again.errors },
      ],
    ]) {
      partsOf(to, layout, component).forEach((part, i) => {
        part.set(partsOf(from, layout, component)[i]);
      });
    }
    out.frames.framed[component] = again.frames.framed[component];
  }
  return out;
}

/** Views of all numbers about one component, except the flags. */
function partsOf({ pivots, frames, sums }: SufficientStatistics, layout: StatisticsLayout, component: number) {
  const { features, responsibilitySums, weightedSums, scatter } = layout;
  const row = (values: Float64Array, start: number) =>
    values.subarray(start + component * features, start + (component + 1) * features);
  return [
    row(pivots, 0),
    packedOf(frames.factors, layout, component),
    sums.subarray(responsibilitySums + component, responsibilitySums + component + 1),
    row(sums, weightedSums),
    packedOf(sums.subarray(scatter), layout, component),
  ];
}
