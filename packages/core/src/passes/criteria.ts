import { logarithm } from "../elementary/logarithm.ts";
import { weightedMean, weightTotal } from "../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { aic, bic, icl } from "../mixture/selection.ts";
import type { Tiles } from "../points/tiles.ts";
import type { Evaluated, Quantity } from "./evaluation.ts";

/** Criteria: how well a mixture describes points, in one number. */
export type Criterion = "score" | "aic" | "bic" | "icl";

/** What a criterion needs for every point. Only icl needs n × k numbers. */
export function quantitiesFor(criterion: Criterion): readonly Quantity[] {
  return criterion === "icl" ? ["logDensities", "responsibilities"] : ["logDensities"];
}

/** in: the quantities that `quantitiesFor` names, for all points of the tiles */
export function criterionOf(
  criterion: Criterion,
  mixture: Mixture,
  { count, pointWeights }: Pick<Tiles, "count" | "pointWeights">,
  { logDensities, responsibilities }: Evaluated<"logDensities" | "responsibilities">,
): number {
  const score = weightedMean(logDensities, pointWeights);
  if (criterion === "score") return score;
  const total = weightTotal(count, pointWeights);
  if (criterion === "aic") return aic(mixture, total * score);
  if (criterion === "bic") return bic(mixture, total * score, total);
  const entropy = total * weightedMean(entropies(responsibilities, mixture.components), pointWeights);
  return icl(mixture, total * score, total, entropy);
}

/** −Σ_c r_c log r_c of every point. in: responsibilities, n × k. out: n */
function entropies(responsibilities: Float64Array, components: number): Float64Array {
  const out = new Float64Array(responsibilities.length / components);
  for (let i = 0; i < responsibilities.length; i++) {
    const share = responsibilities[i];
    if (share !== 0) out[Math.floor(i / components)] -= share * logarithm(share);
  }
  return out;
}

/** Turns log joint densities into logarithms of responsibilities, in place. out: n × k */
export function logPosterior({ logJoint, logDensities }: Evaluated<"logJoint" | "logDensities">): Float64Array {
  const components = logJoint.length / logDensities.length;
  for (let i = 0; i < logJoint.length; i++) logJoint[i] -= logDensities[Math.floor(i / components)];
  return logJoint;
}
