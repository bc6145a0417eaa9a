import { covarianceForm } from "../../covariance/covariance.ts";
import { type Regularization, unregularized } from "../../covariance/regularization.ts";
import type { CovarianceType } from "../../covariance/types.ts";
import { tooFewDistinctPoints } from "../../errors.ts";
import { factorized, type Mixture } from "../../mixture/mixture.ts";
import { inUnitsOfPoints } from "../../mixture/units.ts";
import type { Executor } from "../../passes/executor.ts";
import { reduce } from "../../passes/reduce.ts";
import { storedPoint, type Tiles } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { type Measure, measureLayout, unframed, withMeasure } from "../../statistics/frames.ts";
import { statisticsLayout } from "../../statistics/sufficient-statistics.ts";
import { type Maximum, maximum } from "../../step/maximization.ts";
import { settled, settling } from "../../step/second-look.ts";
import type { Prior } from "../prior.ts";
import type { Summary } from "../summary.ts";
import { drawDistinct } from "./draw.ts";

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
  prior?: Prior,
): Promise<Maximum> {
  const { tiles } = executor;
  const { features } = tiles;
  const components = centres.length / features;
  const layout = statisticsLayout(components, features, covarianceType);
  const measured = (measure: Measure) => {
    const parameters = withMeasure(centres, measureLayout(centres.length, layout), measure);
    const pass = { kind: "assignment", components, covarianceType, parameters } as const;
    return executor.run(pass, (slots) => reduce(executor, slots, layout, measure.pivots, measure.frames));
  };
  const first = await measured({ pivots: centres, frames: unframed(layout) });
  return maximum(await settled(settling(first, { regularization, prior }), measured), regularization);
}

/**
 * Different points drawn ∝ their weights as means; the spherical covariance of the data's mean variance (held up by the
 * regularization); uniform weights. in: components, at most the points of positive weight
 * @throws TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT
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
  const points = differentPoints(tiles, components, random);
  const spread = summary.variances.reduce((total, value) => total + value, 0) / features;
  const variance = Math.max(spread, ...regularization.floors, ...regularization.ridges);
  const mixture = factorized({
    components,
    features,
    covarianceType,
    weights: new Float64Array(components).fill(1 / components),
    means: Float64Array.from(points.flatMap((point) => [...point])),
    meansResidual: new Float64Array(components * features),
    packedCovariances: covarianceForm(covarianceType).isotropic(variance, components, features),
  });
  return inUnitsOfPoints(mixture, tiles.exponents);
}

/** Draws that hit a point of the same coordinates are made up for by the first others in order. */
function differentPoints(tiles: Tiles, count: number, random: Random): Float64Array[] {
  const chosen: Float64Array[] = [];
  const add = (index: number): void => {
    const point = storedPoint(tiles, index, new Float64Array(tiles.features));
    if (!chosen.some((other) => other.every((value, j) => value === point[j]))) chosen.push(point);
  };
  drawDistinct(tiles, count, random).forEach(add);
  for (let index = 0; chosen.length < count && index < tiles.count; index++) {
    if (tiles.pointWeights === null || tiles.pointWeights[index] > 0) add(index);
  }
  if (chosen.length < count) throw tooFewDistinctPoints(chosen.length, count);
  return chosen;
}
