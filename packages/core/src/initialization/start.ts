import type { CovarianceType } from "../covariance/covariance.ts";
import { covarianceForm } from "../covariance/covariance.ts";
import { type Regularization, unregularized } from "../covariance/regularization.ts";
import type { Executor } from "../executor.ts";
import { type Maximum, maximization } from "../maximization.ts";
import { factorized, type Mixture } from "../mixture.ts";
import type { Random } from "../random.ts";
import { reduce } from "../reduce.ts";
import { statisticsLayout } from "../sufficient-statistics.ts";
import type { Summary } from "../summary.ts";
import { readPoint } from "../tiles.ts";
import { drawDistinct } from "./draw.ts";

/**
 * The mixture of a hard assignment: every point to its nearest centre (the lower index of a tie), then one M-step.
 * in: centres, k × d
 * @throws COLLAPSED_COMPONENT
 */
export function fromCentres(
  executor: Executor,
  centres: Float64Array,
  covarianceType: CovarianceType,
  regularization?: Regularization,
): Promise<Maximum> {
  const { features } = executor.tiles;
  const components = centres.length / features;
  const layout = statisticsLayout(components, features, covarianceType);
  const pass = { kind: "assignment", components, covarianceType, parameters: centres } as const;
  return executor.run(pass, async (slots) =>
    maximization(await reduce(executor, slots, layout, centres), undefined, regularization),
  );
}

/**
 * Points drawn ∝ their weights, none twice, as means; the spherical covariance of the data's mean variance
 * (regularized); uniform weights. in: components, at most the points of positive weight
 */
export function fromRandomPoints(
  executor: Executor,
  components: number,
  covarianceType: CovarianceType,
  summary: Summary,
  random: Random,
  regularization: Regularization = unregularized(executor.tiles.features),
): Mixture {
  const { tiles } = executor;
  const { features } = tiles;
  const means = new Float64Array(components * features);
  drawDistinct(tiles, components, random).forEach((point, component) => {
    readPoint(tiles, point, means.subarray(component * features, (component + 1) * features));
  });
  const variance = summary.variances.reduce((total, value) => total + value, 0) / features;
  const form = covarianceForm(covarianceType);
  const packedCovariances = form.isotropic(variance, components, features);
  form.regularize(packedCovariances, components, features, regularization);
  return factorized({
    components,
    features,
    covarianceType,
    weights: new Float64Array(components).fill(1 / components),
    means,
    meansResidual: new Float64Array(means.length),
    packedCovariances,
  });
}
