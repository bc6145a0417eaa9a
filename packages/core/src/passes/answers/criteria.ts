import { weightedMean, weightTotal } from "../../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { aic, bic, icl } from "../../mixture/selection.ts";
import type { Tiles } from "../../points/tiles.ts";
import { type EvaluatedArrays, evaluate } from "../evaluation.ts";
import type { AnyExecutor } from "../executor.ts";

/** Criteria: how well a mixture describes points, in one number. */
export type Criterion = "score" | "aic" | "bic" | "icl";

/** What criteria are computed from, for every point. Entropies are needed only for icl. */
export interface DescribedPoints {
  readonly logDensities: Float64Array;
  readonly entropies: Float64Array | null;
}

/** Describes all points for a criterion. in: a mixture in stored units */
export async function describe(
  executor: AnyExecutor,
  mixture: Mixture,
  criterion: Criterion,
): Promise<DescribedPoints> {
  if (criterion === "icl") return evaluate(executor, mixture, ["logDensities", "entropies"]);
  return { ...(await evaluate(executor, mixture, ["logDensities"])), entropies: null };
}

/** in: what describes all points of the tiles */
export function criterionOf(
  criterion: Criterion,
  mixture: Mixture,
  tiles: Pick<Tiles, "count" | "pointWeights">,
  { logDensities, entropies }: DescribedPoints,
): number {
  const { total, ...criteria } = criteriaOf(mixture, tiles, logDensities);
  if (criterion !== "icl") return criteria[criterion];
  const entropy = entropies === null ? 0 : total * weightedMean(entropies, tiles.pointWeights);
  return icl(mixture, total * criteria.score, total, entropy);
}

/** Criteria that follow from log densities alone, and the weight of all points. in: log densities, n */
export interface SimpleCriteria extends Readonly<Record<Exclude<Criterion, "icl">, number>> {
  readonly total: number;
}

export function criteriaOf(
  mixture: Mixture,
  { count, pointWeights }: Pick<Tiles, "count" | "pointWeights">,
  logDensities: Float64Array,
): SimpleCriteria {
  const score = weightedMean(logDensities, pointWeights);
  const total = weightTotal(count, pointWeights);
  return { score, total, aic: aic(mixture, total * score), bic: bic(mixture, total * score, total) };
}

/** Turns log joint densities into logarithms of responsibilities, in place. out: n × k */
export function logPosterior({ logJoint, logDensities }: EvaluatedArrays<"logJoint" | "logDensities">): Float64Array {
  const components = logJoint.length / logDensities.length;
  for (let i = 0; i < logJoint.length; i++) logJoint[i] -= logDensities[Math.floor(i / components)];
  return logJoint;
}
