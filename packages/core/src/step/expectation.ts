import { roundSums } from "../linear-algebra/compensated-sum.ts";
import { sum } from "../linear-algebra/sum.ts";
import { densityParameters, logDensityUnit } from "../mixture/density.ts";
import type { Mixture } from "../mixture/mixture.ts";
import type { AnyExecutor } from "../passes/executor.ts";
import type { ExpectationPass } from "../passes/pass.ts";
import { programFor } from "../passes/program.ts";
import { passStatistics } from "../passes/reduce.ts";
import { logVolume } from "../points/exponents.ts";
import { type Frames, framesOf, type Measure } from "../statistics/frames.ts";
import { areMany } from "../statistics/many.ts";
import { addLogDensity, type SufficientStatistics, statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { contextOf } from "./lists/context.ts";
import type { Lists } from "./lists/lists.ts";
import { statisticsOfGroups, type TakePart } from "./point-groups.ts";
import { noPrior, type Prior } from "./prior/prior.ts";
import type { Rules } from "./rules.ts";
import { type Expectation, secondLook } from "./second-look.ts";

/**
 * The E-step (derivation.md eq. 2–7): the statistics of all points under a mixture, measured from its means, and the
 * estimates that follow from them with the prior. Doubtful components get a second look.
 * in: a mixture in stored units; lists, what earlier steps of this run of EM know, if anything
 * @throws OVERFLOW
 */
export async function expectation(
  executor: AnyExecutor,
  mixture: Mixture,
  rules: Rules,
  lists?: Lists,
): Promise<Expectation> {
  const { groups } = rules;
  const take: Take =
    groups === null
      ? (options) => takeStatistics(executor, mixture, options, lists)
      : (options) => statisticsOfGroups(groups, mixture, options.measure, partTaker(executor, options));
  const statistics = await statisticsOf(mixture, rules.prior, take);
  return secondLook(executor, statistics, { rules, old: mixture }, ({ measure, components }) =>
    take({ ...closerLook(mixture, components), measure }),
  );
}

/** Takes the statistics of all points under the mixture of the step. */
type Take = (options: ExpectationOptions) => Promise<SufficientStatistics>;

/** Makes what takes the statistics of a group of points, with a closer look at all of its components where one is doubtful. */
function partTaker(executor: AnyExecutor, { ruleOfZero, wider }: ExpectationOptions): TakePart {
  return (tiles, part, measure) => {
    const options = { ruleOfZero: ruleOfZero && wider === undefined, ...(measure && { measure }) };
    return takeStatistics(executor.over(tiles), part, options);
  };
}

/**
 * The statistics of all points about the means of a mixture; without the rule of zero if what it drops might matter.
 */
async function statisticsOf(mixture: Mixture, prior: Prior, take: Take): Promise<SufficientStatistics> {
  const statistics = await take({ ruleOfZero: true });
  const losers = losersOf(statistics, mixture, prior);
  return losers.length === 0 ? statistics : take(closerLook(mixture, losers));
}

/** A closer look at some components (derivation.md §9): without the rule of zero, or with thresholds that are wider. */
function closerLook({ components }: Mixture, doubtful: readonly number[]): ExpectationOptions {
  return areMany(components) ? { ruleOfZero: true, wider: doubtful } : { ruleOfZero: false };
}

/** How an E-step takes its statistics. */
export interface ExpectationOptions {
  /** false: no responsibility is rounded to 0 */
  readonly ruleOfZero: boolean;
  /** components whose thresholds are wider; default none */
  readonly wider?: readonly number[];
  /** Default: the means of the mixture, with frames by the frame rule. */
  readonly measure?: Measure;
}

/**
 * The statistics of all points under a mixture, without a second look: those of several sets of points add up.
 * in: measure, what they are measured from; default: the means of the mixture, with frames by the frame rule
 */
export function plainStatistics(
  executor: AnyExecutor,
  mixture: Mixture,
  measure: Measure | undefined,
): Promise<SufficientStatistics> {
  const take: Take = (options) => takeStatistics(executor, mixture, { ...options, ...(measure && { measure }) });
  return statisticsOf(mixture, noPrior, take);
}

/** Runs one E-step pass. in: lists, of no use without the rule of zero */
async function takeStatistics(
  executor: AnyExecutor,
  mixture: Mixture,
  options: ExpectationOptions,
  lists?: Lists,
): Promise<SufficientStatistics> {
  const { components, features, covarianceType } = mixture;
  const layout = statisticsLayout(components, features, covarianceType);
  const from = options.measure ?? { pivots: mixture.means, frames: framesOf(mixture) };
  const pass = expectationPass(executor, mixture, options, from.frames);
  if (areMany(components)) await executor.pause();
  const listed =
    options.ruleOfZero && lists !== undefined
      ? await lists.listed(executor, pass, contextOf(mixture), options.wider)
      : pass;
  const statistics = await passStatistics(executor, listed, layout, from);
  addLogDensity(statistics, logDensityUnit(mixture) + logVolume(executor.tiles.exponents));
  return statistics;
}

/**
 * Makes the pass of an E-step without running it. f32 arithmetic has neither frames nor measures: such a pass uses
 * doubles.
 */
export function expectationPass(
  executor: Pick<AnyExecutor, "tiles" | "programs" | "arithmetic">,
  mixture: Mixture,
  { ruleOfZero, wider, measure }: ExpectationOptions,
  frames: Frames = measure?.frames ?? framesOf(mixture),
): ExpectationPass {
  const measured = measure !== undefined;
  const exact = measured || frames.framed.includes(1);
  return {
    kind: "expectation",
    program: programFor(executor, mixture, exact),
    parameters: densityParameters(mixture, { ruleOfZero, wider, frames, ...(measure && { measure }) }),
    measured,
  };
}

/** The share of its mass that a component must keep in a step. */
export const LEAST_KEPT: number = 2 ** -12;

/**
 * The guard of the rule of zero. The rule's loss is bounded relative to a component's previous share. If less than 2⁻¹²
 * of that share is left, prior included, the loss might matter, and the pass is repeated with a closer look
 * (derivation.md eq. 19). out: components
 */
function losersOf(statistics: SufficientStatistics, { weights }: Mixture, prior: Prior): number[] {
  const { layout } = statistics;
  const masses = roundSums(statistics, layout.responsibilitySums, layout.weightedSums);
  const shares = prior.shares(masses, layout);
  const total = sum(shares);
  const losers: number[] = [];
  for (let c = 0; c < shares.length; c++) if (shares[c] < weights[c] * total * LEAST_KEPT) losers.push(c);
  return losers;
}
