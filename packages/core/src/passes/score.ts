import { weightedMean } from "../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { evaluate } from "./evaluation.ts";
import type { AnyExecutor } from "./executor.ts";

/** Weighted mean log density of all points. in: a mixture in stored units; out: in the units of the points */
export async function score(executor: AnyExecutor, mixture: Mixture): Promise<number> {
  const { logDensities } = await evaluate(executor, mixture, ["logDensities"]);
  return weightedMean(logDensities, executor.tiles.pointWeights);
}

/** Σ w Σ_c γ_c L_c / Σ w. in: logJoint L and responsibilities γ, n × k; L may be −∞ where γ is 0 */
export function expectedLogLikelihood(
  logJoint: Float64Array,
  responsibilities: ArrayLike<number>,
  components: number,
  weights: ArrayLike<number> | null,
): number {
  const expected = new Float64Array(logJoint.length / components);
  for (let i = 0; i < logJoint.length; i++) {
    if (responsibilities[i] !== 0) expected[Math.floor(i / components)] += responsibilities[i] * logJoint[i];
  }
  return weightedMean(expected, weights);
}
