import { resultDoubles } from "../linear-algebra/result-arrays.ts";
import { weightedMean } from "../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { evaluateSome, type KnownPairs } from "../passes/evaluation.ts";
import { type AnyExecutor, isLocal } from "../passes/executor.ts";
import { expectationPass } from "./expectation.ts";
import { groundOf } from "./lists/ground.ts";
import type { Lists } from "./lists/lists.ts";

/** The points of a run of EM, and what its steps know of them. */
export interface Known {
  readonly executor: AnyExecutor;
  /** what is known of pairs, if anything */
  readonly lists?: Lists | undefined;
}

/** Can lists of steps spare an evaluation a part of its work? Where the points lie elsewhere, lists do as well. */
export function sparesDensities({ executor, lists }: Known): boolean {
  return lists !== undefined && isLocal(executor);
}

/** Log densities of all points, in their units. in: a mixture in stored units */
export async function logDensitiesOf(known: Known, mixture: Mixture): Promise<Float64Array> {
  const all = resultDoubles(known.executor.tiles.count);
  const evaluating = { quantities: ["logDensities"], known: await pairsOf(known, mixture) } as const;
  await evaluateSome(known.executor, mixture, evaluating, ({ logDensities }, firstPoint) => {
    all.set(logDensities, firstPoint);
  });
  return all;
}

async function pairsOf(known: Known, mixture: Mixture): Promise<KnownPairs | undefined> {
  const { executor, lists } = known;
  if (lists === undefined || !sparesDensities(known)) return undefined;
  const pass = expectationPass(executor, mixture, { ruleOfZero: true });
  const { program, parameters, lists: pairs } = await lists.listed(executor, pass, groundOf(mixture));
  return pairs && { program, parameters, lists: pairs };
}

/** Their weighted mean. */
export async function meanLogDensity(known: Known, mixture: Mixture): Promise<number> {
  return weightedMean(await logDensitiesOf(known, mixture), known.executor.tiles.pointWeights);
}
