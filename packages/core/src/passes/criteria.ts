import { weightedMean, weightTotal } from "../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { aic, bic, icl } from "../mixture/selection.ts";
import type { Tiles } from "../points/tiles.ts";
import type { Evaluated, Quantity } from "./evaluation.ts";

/** Criteria: how well a mixture describes points, in one number. */
export type Criterion = "score" | "aic" | "bic" | "icl";

/** What a criterion needs for every point. */
export function quantitiesFor(criterion: Criterion): readonly Quantity[] {
  return criterion === "icl" ? ["logDensities", "entropies"] : ["logDensities"];
}

/** in: the quantities that `quantitiesFor` names, for all points of the tiles */
export function criterionOf(
  criterion: Criterion,
  mixture: Mixture,
  { count, pointWeights }: Pick<Tiles, "count" | "pointWeights">,
  { logDensities, entropies }: Evaluated<"logDensities" | "entropies">,
): number {
  const score = weightedMean(logDensities, pointWeights);
  if (criterion === "score") return score;
  const total = weightTotal(count, pointWeights);
  if (criterion === "aic") return aic(mixture, total * score);
  if (criterion === "bic") return bic(mixture, total * score, total);
  const entropy = total * weightedMean(entropies, pointWeights);
  return icl(mixture, total * score, total, entropy);
}

/** Turns log joint densities into logarithms of responsibilities, in place. out: n × k */
export function logPosterior({ logJoint, logDensities }: Evaluated<"logJoint" | "logDensities">): Float64Array {
  const components = logJoint.length / logDensities.length;
  for (let i = 0; i < logJoint.length; i++) logJoint[i] -= logDensities[Math.floor(i / components)];
  return logJoint;
}
