import { tooManyComponents } from "../errors.ts";
import { passesAtOnce } from "../passes/blocks.ts";
import type { AnyExecutor } from "../passes/executor.ts";
import { statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { em } from "../step/em.ts";
import type { Rules } from "../step/rules.ts";
import { listenTo } from "./concurrency/listen-to.ts";
import { makeStart, type RunStart } from "./exchange/start-job.ts";
import { firstStanding } from "./first-standing.ts";
import type { FitStep } from "./fit-step.ts";
import { fittedFrom, type PlainFitResult } from "./fitted.ts";
import { type KnownInGroups, knownOfPoints, openGroups, requireHere } from "./known/groups.ts";
import type { ResolvedFitOptions } from "./options/options.ts";
import { race } from "./race/race.ts";
import { type FitState, type Standing, standingFrom, stateOf } from "./race/standing.ts";
import { refine } from "./refine.ts";
import { advance, bestOf, type Iterate, type LiveRestart, never, type Stop } from "./restarts.ts";
import { rulesFor } from "./rules.ts";
import { summarize } from "./summary.ts";

/** What surrounds a fit. Only `stop` can change its result. */
export interface FitSurroundings {
  /** makes a start; default: the executor does */
  readonly runStart?: RunStart;
  /** true: the fit ends with the best so far. Default: never. */
  readonly stop?: Stop;
  /** true: the fit was stopped because its caller has enough, not because its time is over. Default: never. */
  readonly enough?: Stop;
  /** the state from which a fit of these points with these options continues; default: it begins */
  readonly from?: FitState | undefined;
  /** called once the starts are made, with a function that returns the state of the fit */
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
): AsyncGenerator<FitStep, PlainFitResult> {
  if (options.known === null) return yield* runFit(executor, options, surroundings, null);
  const here = requireHere(executor);
  const known = knownOfPoints(here.tiles, options.known);
  const { groups, close } = await openGroups(here, known);
  try {
    return yield* runFit(executor, options, surroundings, { ...known, groups });
  } finally {
    close();
  }
}

async function* runFit(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  surroundings: FitSurroundings,
  known: KnownInGroups | null,
): AsyncGenerator<FitStep, PlainFitResult> {
  const { runStart = (job) => makeStart(executor.over(job.sample), job) } = surroundings;
  const { stop = never, enough = never, from, watch } = surroundings;
  const summary = await summarize(executor);
  if (options.components > summary.counted) throw tooManyComponents(options.components, summary.counted);
  const rules = await rulesFor(executor, options, summary, known?.groups);
  const iterate: Iterate = (state) => em(executor, state, scoredRules(rules, options));
  const sideBySide = startsAtOnce(executor, options);
  const beginning = { rules, summary, known, runStart, sideBySide, iterate, stop };
  const standing =
    from === undefined
      ? yield* listenTo<FitStep, Standing>((tell) => firstStanding(executor, options, { ...beginning, tell }))
      : standingFrom(from, iterate);
  watch?.(() => stateOf(standing));
  const { restarts } = standing;
  if (standing.following === null) yield* race(standing, options, sideBySide, stop);
  const best = yield* followBest(standing, options, stop);
  const refines = options.refine && (standing.refined || !stop());
  if (refines) yield* refine(executor, { standing, fitted: best }, options, { rules, summary, stop });
  const isWhole = (best.ended || best.state.converged || best.dropped) && refines === options.refine;
  const isLate = !isWhole && !enough();
  return fittedFrom(executor, options, { best, restarts, rules, summary, isWhole, isLate });
}

/** How many starts may take their steps side by side. */
function startsAtOnce({ tiles, threads }: AnyExecutor, { components, covarianceType }: ResolvedFitOptions): number {
  return passesAtOnce(tiles, statisticsLayout(components, tiles.features, covarianceType).length, threads);
}

/** Rules of EM on all points, whose last mixture is scored at the end. */
function scoredRules(rules: Rules, { inference }: Pick<ResolvedFitOptions, "inference">): Rules {
  return { ...rules, scored: rules.groups === null && inference !== "variational" };
}

/**
 * The best start, at its end. If the best was dropped because of one that has failed since, it goes on; not if it was
 * dropped because it could not reach the goal.
 */
async function* followBest(
  standing: Standing,
  { goal }: Pick<ResolvedFitOptions, "goal">,
  stop: Stop,
): AsyncGenerator<FitStep, LiveRestart> {
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
