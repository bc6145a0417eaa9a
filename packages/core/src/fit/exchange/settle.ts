import type { Mixture } from "../../mixture/mixture.ts";
import type { AnyExecutor } from "../../passes/executor.ts";
import { em } from "../../step/em.ts";
import { type Iteration, startFrom } from "../../step/iteration.ts";
import type { Rules } from "../../step/rules.ts";

/**
 * Some steps of EM. Its lower bound is that of the mixture with which the last step began, so mixtures that took as many
 * steps are compared alike.
 * in: goOn, false: the state is the last one wanted; default: all steps are
 * @throws what EM throws
 */
export async function settled(
  executor: AnyExecutor,
  start: Mixture,
  { goOn = () => true, ...rules }: Rules & { readonly goOn?: (state: Iteration) => boolean },
  steps: number,
): Promise<Iteration> {
  let state = startFrom(start);
  const plain = { ...rules, acceleration: "none", stopRule: "change", maxIterations: steps } as const;
  for await (const next of em(executor, state, plain)) {
    state = next;
    if (!goOn(state)) break;
  }
  return state;
}
