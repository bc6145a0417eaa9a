import { type AnyExecutor, gather } from "../../passes/executor.ts";
import { type ChosenPoints, gatheredBytes } from "../../points/gather.ts";
import type { TilesFacts } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { em } from "../../step/em.ts";
import { type Iteration, startFrom } from "../../step/iteration.ts";
import type { Maximum } from "../../step/maximum.ts";
import { isNumerical } from "../../step/numerical-failure.ts";
import { noPrior } from "../../step/prior/prior.ts";
import type { Rules } from "../../step/rules.ts";
import type { AboutStart } from "../exchange/exchanged-start.ts";
import type { FitStep } from "../fit-step.ts";
import { isFloored, type Stop } from "../restarts.ts";
import { withFarPoints } from "../sample/far-points.ts";
import { drawSample } from "../sample/sample.ts";
import { type Stage, stagesOf } from "./stages.ts";

/** If EM takes no more iterations than this on a part, it takes few on all points too, and more parts would save nothing. */
const EASY = 3;

/** The caller of a fit to parts. */
interface PartListener {
  readonly stop: Stop;
  /** hears of every iteration */
  readonly tell: (step: Omit<FitStep, "restart">) => void;
}

/**
 * Fits a start to parts of the points, each four times as large as the one before (derivation.md §17). What goes wrong
 * on a part, such as a component that collapses, is forgotten with it.
 * out: the state with which EM on all points begins: a mixture, and the curvature of the bound about it
 */
export async function coarseToFine(
  executor: AnyExecutor,
  start: Maximum,
  { rules, summary }: Pick<AboutStart, "rules" | "summary">,
  { random, stop, tell }: PartListener & { readonly random: Random },
): Promise<Iteration> {
  let state = startFrom(start.mixture, start.warnings);
  for (const stage of stagesOf(executor.tiles.count, start.mixture)) {
    if (stop()) break;
    const drawn = drawSample(executor.tiles, stage.points, random);
    const part = weighPart(await withFarPoints(executor, drawn, summary), stage.points, executor.tiles, rules);
    const found = await executor.lend(gatheredBytes(part.points.length, executor.tiles.features), async (memory) =>
      fitPart(executor.over(await gather(executor, part, memory)), state, rulesOn(stage, rules), { stop, tell }),
    );
    if (found === null) continue;
    state = startFrom(found.mixture, [], found.course?.pairs);
    if (found.iteration <= EASY) break;
  }
  return state;
}

/** Where there is a prior, makes the points of a part weigh as much as all points, so that the prior counts alike. in: size of the part, where points weigh 1 */
function weighPart(
  part: ChosenPoints,
  size: number,
  { count, pointWeights }: TilesFacts,
  { prior }: Rules,
): ChosenPoints {
  if (prior === noPrior || pointWeights !== null) return part;
  const weights = part.weights ?? new Float64Array(part.points.length).fill(1);
  return { ...part, weights: weights.map((weight) => weight * (count / size)) };
}

function rulesOn(stage: Stage, rules: Rules): Rules {
  const tolerance = Math.max(stage.tolerance, rules.tolerance);
  return { ...rules, stopRule: "remaining", tolerance, emptyComponent: "error" };
}

/** EM on a part until it has nothing more to tell; null where it fails, or a floor makes its likelihood. */
async function fitPart(
  executor: AnyExecutor,
  start: Iteration,
  rules: Rules,
  { stop, tell }: PartListener,
): Promise<Iteration | null> {
  let state = start;
  try {
    for await (const next of em(executor, start, rules)) {
      state = next;
      tell({ iteration: next.iteration, lowerBound: next.lowerBound, part: executor.tiles.count });
      if (stop()) break;
    }
  } catch (error) {
    if (!isNumerical(error)) throw error;
    return null;
  }
  return isFloored(state) ? null : state;
}
