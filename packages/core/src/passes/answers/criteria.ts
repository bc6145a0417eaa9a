import { logarithm } from "../../elementary/logarithm.ts";
import { weightedMean, weightTotal } from "../../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { aic, bic, icl } from "../../mixture/selection.ts";
import type { Tiles } from "../../points/tiles.ts";
import { type Evaluated, evaluateSome } from "../evaluation.ts";
import type { AnyExecutor } from "../executor.ts";

/** Criteria: how well a mixture describes points, in one number. */
export type Criterion = "score" | "aic" | "bic" | "icl";

/** What criteria are computed from, for every point. Entropies are needed only for icl. */
export interface Described {
  readonly logDensities: Float64Array;
  readonly entropies: Float64Array | null;
}

/** Describes all points for a criterion; responsibilities exist for some points at a time. in: a mixture in stored units */
export async function describe(executor: AnyExecutor, mixture: Mixture, criterion: Criterion): Promise<Described> {
  const { count } = executor.tiles;
  const logDensities = new Float64Array(count);
  const entropies = criterion === "icl" ? new Float64Array(count) : null;
  await evaluateSome(executor, mixture, quantitiesFor(criterion), (part, first) => {
    logDensities.set(part.logDensities, first);
    entropies?.set(entropiesOf(part.responsibilities, mixture.components), first);
  });
  return { logDensities, entropies };
}

/** What has to be evaluated at every point for a criterion. */
export function quantitiesFor(criterion: Criterion): readonly ("logDensities" | "responsibilities")[] {
  return criterion === "icl" ? ["logDensities", "responsibilities"] : ["logDensities"];
}

/** in: what describes all points of the tiles */
export function criterionOf(
  criterion: Criterion,
  mixture: Mixture,
  { count, pointWeights }: Pick<Tiles, "count" | "pointWeights">,
  { logDensities, entropies }: Described,
): number {
  const score = weightedMean(logDensities, pointWeights);
  if (criterion === "score") return score;
  const total = weightTotal(count, pointWeights);
  if (criterion === "aic") return aic(mixture, total * score);
  if (criterion === "bic") return bic(mixture, total * score, total);
  const entropy = entropies === null ? 0 : total * weightedMean(entropies, pointWeights);
  return icl(mixture, total * score, total, entropy);
}

/** −Σ_c r_c log r_c of every point. in: responsibilities, n × k. out: n */
export function entropiesOf(responsibilities: Float64Array, components: number): Float64Array {
  const out = new Float64Array(responsibilities.length / components);
  for (let i = 0, at = 0; i < out.length; i++) {
    for (let c = 0; c < components; c++, at++) {
      const share = responsibilities[at];
      if (share > 0 && share < 1) out[i] -= share * logarithm(share);
    }
  }
  return out;
}

/** Turns log joint densities into logarithms of responsibilities, in place. out: n × k */
export function logPosterior({ logJoint, logDensities }: Evaluated<"logJoint" | "logDensities">): Float64Array {
  const components = logJoint.length / logDensities.length;
  for (let i = 0; i < logJoint.length; i++) logJoint[i] -= logDensities[Math.floor(i / components)];
  return logJoint;
}
