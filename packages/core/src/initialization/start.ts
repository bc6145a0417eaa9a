import type { CovarianceType } from "../covariance/covariance.ts";
import { covarianceForm } from "../covariance/covariance.ts";
import { type Regularization, unregularized } from "../covariance/regularization.ts";
import type { Executor } from "../executor.ts";
import { type Measure, measureLayout, unframed, withMeasure } from "../frames.ts";
import { type Maximum, maximum } from "../maximization.ts";
import { factorized, type Mixture } from "../mixture.ts";
import type { Random } from "../random.ts";
import { settled, settling } from "../redo.ts";
import { reduce } from "../reduce.ts";
import { statisticsLayout } from "../sufficient-statistics.ts";
import type { Summary } from "../summary.ts";
import { readPoint } from "../tiles.ts";
import { inUnitsOfPoints } from "../units.ts";
import { drawByWeight } from "./draw.ts";

/**
 * The mixture of a hard assignment: every point to its nearest centre (the lower index of a tie), then one M-step.
 * in: centres in stored units, k × d
 * @throws COLLAPSED_COMPONENT
 */
export async function fromCentres(
  executor: Executor,
  centres: Float64Array,
  covarianceType: CovarianceType,
  regularization: Regularization = unregularized(executor.tiles.features),
): Promise<Maximum> {
  const { tiles } = executor;
  const { features } = tiles;
  const components = centres.length / features;
  const layout = statisticsLayout(components, features, covarianceType);
  const measured = (measure: Measure) => {
    const parameters = withMeasure(centres, measureLayout(centres.length, layout), measure);
    const pass = { kind: "assignment", components, covarianceType, parameters } as const;
    return executor.run(pass, (slots) => reduce(slots, layout, measure.pivots, measure.frames, tiles.exponents));
  };
  const first = await measured({ pivots: centres, frames: unframed(layout) });
  return maximum(await settled(settling(first, regularization), measured), regularization);
}

/** Points drawn ∝ their weights as means, the spherical covariance of the data's mean variance, uniform weights. */
export function fromRandomPoints(
  executor: Executor,
  components: number,
  covarianceType: CovarianceType,
  summary: Summary,
  random: Random,
): Mixture {
  const { tiles } = executor;
  const { features } = tiles;
  const taken = new Set<number>();
  while (taken.size < components) taken.add(drawByWeight(tiles, random));
  const means = new Float64Array(components * features);
  [...taken].forEach((point, component) => {
    readPoint(tiles, point, means.subarray(component * features, (component + 1) * features));
  });
  const variance = summary.variances.reduce((total, value) => total + value, 0) / features;
  const mixture = factorized({
    components,
    features,
    covarianceType,
    weights: new Float64Array(components).fill(1 / components),
    means,
    meansResidual: new Float64Array(means.length),
    packedCovariances: covarianceForm(covarianceType).isotropic(variance, components, features),
  });
  return inUnitsOfPoints(mixture, tiles.exponents);
}
