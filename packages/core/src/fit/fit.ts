import { type ErrorCode, tooManyComponents } from "../errors.ts";
import { fallbacks, type UsedKernel, usedKernel } from "../kernels/dispatch.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { inUnitsOfPoints } from "../mixture/units.ts";
import { passesAtOnce } from "../passes/blocks.ts";
import type { AnyExecutor } from "../passes/executor.ts";
import { programFor } from "../passes/program.ts";
import { score } from "../passes/score.ts";
import { randomStream } from "../random.ts";
import { lowerBound, statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { em } from "../step/em.ts";
import { expectation } from "../step/expectation.ts";
import { type Iteration, startFrom } from "../step/iteration.ts";
import type { Rules } from "../step/rules.ts";
import type { Warning } from "../warnings.ts";
import { atMost } from "./at-most.ts";
import { dataWarnings } from "./data-warnings.ts";
import type { AboutStart } from "./exchange/exchanged-start.ts";
import { makeStart, type RunStart } from "./exchange/start-job.ts";
import type { FitStep } from "./fit-step.ts";
import { type MakeStart, makeStarts } from "./initialization/starts.ts";
import { type KnownInGroups, knownOfPoints, openGroups, requireHere } from "./known/groups.ts";
import { startFromKnown } from "./known/start.ts";
import type { ResolvedFitOptions } from "./options/options.ts";
import { coarseToFine } from "./progressive/coarse-to-fine.ts";
import { firstComparison, race } from "./race/race.ts";
import { type FitState, type Standing, standingFrom, stateOf } from "./race/standing.ts";
import { refine } from "./refine.ts";
import { advance, begin, bestOf, never, type Restart, type Stop, skipped } from "./restarts.ts";
import { rulesFor } from "./rules.ts";
import { summarize } from "./summary.ts";
import { told } from "./told.ts";

/** The result of a fit, with `mixture` as plain parameters. */
export interface Fitted {
  /** in the units of the points */
  readonly mixture: Mixture;
  /** whether the best start met the tolerance */
  readonly converged: boolean;
  /** iterations of the best start */
  readonly iterations: number;
  /** mean log-likelihood of `mixture`; after variational inference, the evidence lower bound summed over all points */
  readonly lowerBound: number;
  /**
   * What the stop rule compared, one number for each iteration of the best start: the mean log-likelihood of the
   * mixture with which the iteration began, with a prior plus its log density (the last one again where a longer step
   * was taken back); for variational inference, the lower bound after the iteration
   */
  readonly history: readonly number[];
  /** index of the best start */
  readonly restart: number;
  readonly warnings: readonly Warning[];
  /** what the passes over all points were computed with */
  readonly kernel: UsedKernel;
  /** every start, in order */
  readonly starts: readonly FittedStart[];
}

/** What became of one start. */
export interface FittedStart {
  /** as `Fitted.history` */
  readonly history: readonly number[];
  /** whether it was left where it was, too far behind another start to overtake it */
  readonly dropped: boolean;
  /** why it could not go on */
  readonly failure?: {
    /** of the error */
    readonly code: ErrorCode;
    /** of the error */
    readonly message: string;
  };
}

/** What surrounds a fit, and changes none of its numbers, `stop` aside. */
export interface FitSurroundings {
  /** makes a start; default: the executor does */
  readonly runStart?: RunStart;
  /** true: the fit ends with the best so far. Default: never. */
  readonly stop?: Stop;
  /** true: it ends because its caller wants no more, not because its time is over. Default: never. */
  readonly enough?: Stop;
  /** where a fit of these points with these options had come to; default: the fit begins */
  readonly from?: FitState | undefined;
  /** is given what tells how far the fit has come, once its starts are made */
  readonly watch?: (state: () => FitState) => void;
}

/**
 * A whole fit: starts, which race until one is left, and the lower bound of the best. Starts may run side by side. Each
 * is the same whatever the others do, so timing cannot change the result. If a start fails, the others continue; the
 * fit fails only if all fail.
 * @throws TOO_MANY_COMPONENTS, TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT (without regularization), EMPTY_COMPONENT
 * (by policy), OVERFLOW, UNDERFLOW, INVALID_OPTION (a prior that does not fit the points)
 */
export async function* fit(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  surroundings: FitSurroundings = {},
): AsyncGenerator<FitStep, Fitted> {
  if (options.known === null) return yield* fitted(executor, options, surroundings, null);
  const here = requireHere(executor);
  const known = knownOfPoints(here.tiles, options.known);
  const { groups, close } = await openGroups(here, known);
  try {
    return yield* fitted(executor, options, surroundings, { ...known, groups });
  } finally {
    close();
  }
}

async function* fitted(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  surroundings: FitSurroundings,
  known: KnownInGroups | null,
): AsyncGenerator<FitStep, Fitted> {
  const { runStart = (job) => makeStart(executor.over(job.sample), job) } = surroundings;
  const { stop = never, enough = never, from, watch } = surroundings;
  const summary = await summarize(executor);
  if (options.components > summary.counted) throw tooManyComponents(options.components, summary.counted);
  const rules = await rulesFor(executor, options, summary, known?.groups);
  const { components, covarianceType } = options;
  const slot = statisticsLayout(components, executor.tiles.features, covarianceType).length;
  const sideBySide = passesAtOnce(executor.tiles, slot, executor.threads);
  const ground = { rules, summary, runStart, stop, sideBySide, known };
  const standing =
    from === undefined
      ? yield* told<FitStep, Standing>((tell) => firstStanding(executor, options, { ...ground, tell }))
      : standingFrom(from, (state) => em(executor, state, scoredRules(rules, options)));
  watch?.(() => stateOf(standing));
  if (standing.following === null) yield* race(standing, options, sideBySide, stop);
  const best = yield* followBest(standing, options, stop);
  const refines = options.refine && (standing.refined || !stop());
  if (refines) yield* refine(executor, { standing, fitted: best }, options, ground);

  const { mixture, converged, iteration } = best.state;
  const program = programFor(executor, mixture, false);
  best.warnings.add([...dataWarnings(summary), ...fallbacks(program)], 0);
  const isWhole = (best.ended || converged || best.dropped) && refines === options.refine;
  best.warnings.add(isWhole || enough() ? unfinished(best, rules) : [{ code: "TIME_BUDGET" }], iteration);
  return {
    mixture: inUnitsOfPoints(mixture, executor.tiles.exponents),
    converged: converged && isWhole,
    iterations: iteration,
    lowerBound:
      options.inference === "variational" ? best.state.lowerBound : await scoreOf(executor, best.state, rules),
    history: best.history,
    restart: best.restart,
    warnings: best.warnings.list(),
    kernel: usedKernel(program),
    starts: standing.restarts.map(({ history, dropped, failure }) => ({
      history,
      dropped,
      ...(failure && { failure: { code: failure.code, message: failure.message } }),
    })),
  };
}

/** Rules of EM on all points, whose last mixture is scored at the end. */
function scoredRules(rules: Rules, { inference }: Pick<ResolvedFitOptions, "inference">): Rules {
  return { ...rules, scored: rules.groups === null && inference !== "variational" };
}

/** The mean log-likelihood of all points, each under the components that it may belong to. */
async function scoreOf(executor: AnyExecutor, { mixture, score: known }: Iteration, rules: Rules): Promise<number> {
  if (known !== undefined) return known;
  if (rules.groups === null) return score(executor, mixture);
  return lowerBound((await expectation(executor, mixture, rules)).statistics);
}

interface Ground extends AboutStart {
  readonly stop: Stop;
  readonly sideBySide: number;
  readonly known: KnownInGroups | null;
}

interface Listening {
  /** hears of iterations on parts of the points */
  readonly tell: (step: FitStep) => void;
}

/** All starts, each at the state with which EM on all points begins. */
async function firstStanding(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  ground: Ground & Listening,
): Promise<Standing> {
  const { rules, stop, sideBySide, known } = ground;
  const isKnown = known !== null && typeof options.initialization === "string";
  const starts = isKnown
    ? [() => startFromKnown(requireHere(executor), known, options, ground)]
    : await makeStarts(executor, options, ground);
  const iterate = (state: Iteration) => em(executor, state, scoredRules(rules, options));
  let made = 0;
  const begun = starts.map((make, index) => async () => {
    if (made > 0 && stop()) return skipped(index, iterate);
    const restart = await begin(index, () => opened(executor, make, index, { options, ground }), iterate);
    if (restart.state !== undefined) made++;
    return restart;
  });
  const restarts = await atMost(sideBySide, begun);
  return { restarts, compareAt: firstComparison(restarts.length, options), following: null, refined: false };
}

/** The state with which EM on all points begins. */
async function opened(
  executor: AnyExecutor,
  make: MakeStart,
  index: number,
  { options, ground }: { readonly options: ResolvedFitOptions; readonly ground: Ground & Listening },
): Promise<Iteration> {
  const start = await make();
  if (options.schedule !== "progressive") {
    return { ...startFrom(start.mixture, start.warnings), ...(start.labels && { labels: start.labels }) };
  }
  const random = randomStream(options.seed, "progressive", index);
  const tell = (step: Omit<FitStep, "restart">) => ground.tell({ restart: index, ...step });
  return coarseToFine(executor, start, ground, { random, stop: ground.stop, tell });
}

/** A warning where the iterations were too few. A tolerance of 0 asks for just so many. */
function unfinished({ state }: Restart & { state: Iteration }, { tolerance }: Rules): Warning[] {
  if (state.converged || tolerance === 0) return [];
  const change = Math.abs(state.gain);
  return [{ code: "NOT_CONVERGED", ...(change < Number.POSITIVE_INFINITY && { change }) }];
}

/**
 * The best start, at its end. If the best was dropped because of one that has failed since, it goes on; not if it was
 * dropped because it could not reach the goal.
 */
async function* followBest(
  standing: Standing,
  { goal }: Pick<ResolvedFitOptions, "goal">,
  stop: Stop,
): AsyncGenerator<FitStep, Restart & { state: Iteration }> {
  const { restarts } = standing;
  for (;;) {
    const best = standing.following === null ? bestOf(restarts) : bestOf([restarts[standing.following]]);
    if (best.dropped && goal > Number.NEGATIVE_INFINITY) return best;
    best.dropped = false;
    standing.following = best.restart;
    yield* advance(best, Number.POSITIVE_INFINITY, stop);
    if (best.failure === undefined) return best;
    standing.following = null;
  }
}
