import { resultDoubles } from "../linear-algebra/result-arrays.ts";
import { weightedMean } from "../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { evaluateSome, type KnownPairs } from "../passes/evaluation.ts";
import { type AnyExecutor, isLocal } from "../passes/executor.ts";
import { expectationPass } from "./expectation.ts";
import { contextOf } from "./lists/context.ts";
import type { Lists } from "./lists/lists.ts";

/** The points of a run of EM, with the lists that its steps keep. */
export interface ListedPoints {
  readonly executor: AnyExecutor;
  /** which pairs need computing; undefined: all */
  readonly lists?: Lists | undefined;
}

/** Can lists of steps spare an evaluation a part of its work? Where the points lie elsewhere, lists do as well. */
export function sparesDensities({ executor, lists }: ListedPoints): boolean {
  return lists !== undefined && isLocal(executor);
}

/** Log densities of all points, in their units. in: a mixture in stored units */
export async function logDensitiesOf(listed: ListedPoints, mixture: Mixture): Promise<Float64Array> {
  const all = resultDoubles(listed.executor.tiles.count);
  const evaluating = { quantities: ["logDensities"], known: await pairsOf(listed, mixture) } as const;
  await evaluateSome(listed.executor, mixture, evaluating, ({ logDensities }, firstPoint) => {
    all.set(logDensities, firstPoint);
  });
  return all;
}

async function pairsOf(listed: ListedPoints, mixture: Mixture): Promise<KnownPairs | undefined> {
  const { executor, lists } = listed;
  if (lists === undefined || !sparesDensities(listed)) return undefined;
  const pass = expectationPass(executor, mixture, { ruleOfZero: true });
  const { program, parameters, lists: pairs } = await lists.listed(executor, pass, contextOf(mixture));
  return pairs && { program, parameters, lists: pairs };
}

/** Their weighted mean. */
export async function meanLogDensity(listed: ListedPoints, mixture: Mixture): Promise<number> {
  return weightedMean(await logDensitiesOf(listed, mixture), listed.executor.tiles.pointWeights);
}
