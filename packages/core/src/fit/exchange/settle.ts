import type { Mixture } from "../../mixture/mixture.ts";
import type { AnyExecutor } from "../../passes/executor.ts";
import { expectationWork } from "../../passes/work.ts";
import { em } from "../../step/em.ts";
import { type Iteration, startFrom } from "../../step/iteration.ts";
import type { Rules } from "../../step/rules.ts";
import { type GoOn, openShortRun, takeSteps } from "../../step/short/short-run.ts";

/**
 * Some steps of EM. Its lower bound is that of the mixture with which the last step began, so mixtures that took as many
 * steps are compared alike.
 * in: goOn, false: the state is the last one wanted; default: all steps are
 * @throws what EM throws
 */
export async function settle(
  executor: AnyExecutor,
  start: Mixture,
  { goOn = () => true, ...rules }: Rules & { readonly goOn?: GoOn },
  steps: number,
): Promise<Iteration> {
  let state = startFrom(start);
  const plain = { ...rules, acceleration: "none", stopRule: "change", maxIterations: steps } as const;
  const work = expectationWork(executor.tiles.count, { ...executor.tiles, ...start });
  const run = openShortRun(executor, start, plain, work);
  for (let then = run === null ? "em" : "more"; run !== null && then === "more"; ) {
    await executor.pause();
    ({ state, then } = takeSteps(run, state, { ...plain, goOn }));
    if (then === "nothing") return state;
  }
  for await (const next of em(executor, state, plain)) {
    state = next;
    if (!goOn(state)) break;
  }
  return state;
}
