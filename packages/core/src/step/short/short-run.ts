import type { Shape } from "../../covariance/covariances.ts";
import { covarianceRow } from "../../covariance/types.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { blockGrid } from "../../passes/blocks.ts";
import { type AnyExecutor, isLocal } from "../../passes/executor.ts";
import { componentsWork } from "../../passes/work.ts";
import { statisticsLayout } from "../../statistics/sufficient-statistics.ts";
import { type Climb, falls, hasConverged } from "../convergence.ts";
import type { Iteration } from "../iteration.ts";
import type { Rules } from "../rules.ts";
import { type ShortContext, ShortStep } from "./short-step.ts";

/** What is known of a state while steps are taken. */
type ShortState = Climb & Pick<Iteration, "iteration">;

/** Asked after a step: is another one wanted? */
export type GoOn = (state: ShortState) => boolean;

/** Steps over one block of points, and who takes them. */
export interface ShortRun {
  readonly context: ShortContext;
  readonly step: ShortStep;
  /** steps that are over before other work of the thread would feel them */
  readonly atOnce: number;
}

/** Flops that are done at once. */
const AT_ONCE = 2 ** 22;

/**
 * Opens short steps in the calling thread; null where the passes of `em` must take them. in: work, the flops of a pass, by which
 * the kernel is chosen
 */
export function openShortRun(executor: AnyExecutor, shape: Shape, rules: Rules, work: number): ShortRun | null {
  if (!isLocal(executor) || executor.kernels === undefined || executor.arithmetic !== "f64") return null;
  if (!suits(shape, rules)) return null;
  const { tiles, programs, kernels } = executor;
  const { components, features, covarianceType } = shape;
  const { length } = statisticsLayout(components, features, covarianceType);
  const all = work + componentsWork(shape);
  if (blockGrid(tiles, length).blocks > 1 || all > AT_ONCE) return null;
  const { dtype, tileSize } = tiles;
  const kernel = kernels.get(programs.get({ components, features, covarianceType, dtype, tileSize }, work));
  return { context: { tiles, kernel, rules }, step: stepFor(shape), atOnce: Math.floor(AT_ONCE / all) };
}

/** Nothing but points decides, each component has a triangle of its own, and no ridge is added to it. */
function suits({ covarianceType }: Shape, { prior, fixed, groups, regularization }: Rules): boolean {
  const { matrix, shared } = covarianceRow(covarianceType);
  const isFree = prior.facts.kind === "none" && fixed === null && groups === null;
  return matrix === "triangle" && !shared && isFree && !(regularization.ridges[0] > 0);
}

/** Those of the last shapes: memory for steps of one shape serves all runs, one after the other. */
const steps = new Map<string, ShortStep>();
const MOST_SHAPES = 8;

function stepFor({ components, features, covarianceType }: Shape): ShortStep {
  const key = `${covarianceType}/${components}/${features}`;
  const step = steps.get(key) ?? new ShortStep({ components, features, covarianceType });
  if (steps.size >= MOST_SHAPES) steps.clear();
  steps.set(key, step);
  return step;
}

/** A mixture of labelled points, as `fromLabels` makes it; null: it must do so. */
export function fromLabelsShortly(
  { context, step }: ShortRun,
  labels: Int32Array,
  centres: Float64Array,
): Mixture | null {
  if (!step.label(context, labels, centres)) return null;
  step.goOn();
  return step.mixture();
}

/**
 * Takes steps, as `em` would, until the run ends, or one is refused, which `em` must take then, or others wait for the thread.
 * out: state, null if no step was taken; then, what follows
 */
export function takeSteps(
  { context, step, atOnce }: ShortRun,
  before: Iteration,
  rules: Rules & { readonly goOn: GoOn },
): { readonly state: Iteration; readonly then: "nothing" | "more" | "em" } {
  let known: ShortState & Pick<Iteration, "converged"> = before;
  let then: "nothing" | "more" | "em" = before.iteration < rules.maxIterations ? "more" : "nothing";
  step.begin(before.mixture);
  for (let taken = 0; taken < atOnce && then === "more"; taken++) {
    if (!step.take(context) || falls(known.lowerBound, step.lowerBound)) {
      then = "em";
      break;
    }
    step.goOn();
    const climb = { lowerBound: step.lowerBound, gain: step.lowerBound - known.lowerBound };
    known = { iteration: known.iteration + 1, ...climb, converged: hasConverged(climb, known, rules) };
    if (known.converged || known.iteration >= rules.maxIterations || !rules.goOn(known)) then = "nothing";
  }
  if (known === before) return { state: before, then };
  const state = { ...known, mixture: step.mixture(), course: null, warnings: [], lookedAtAgain: [] };
  return { state: { ...state, reseeds: before.reseeds }, then };
}
