import { isotropic } from "../../covariance/covariances.ts";
import type { CovarianceType } from "../../covariance/types.ts";
import { tooFewDistinctPoints } from "../../errors.ts";
import { greatest } from "../../linear-algebra/extremes.ts";
import { factorized, type Mixture } from "../../mixture/mixture.ts";
import type { Executor } from "../../passes/executor.ts";
import { reduce } from "../../passes/reduce.ts";
import { storedPoint, type Tiles } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { type Measure, measureLayout, unframed, withMeasure } from "../../statistics/frames.ts";
import { statisticsLayout } from "../../statistics/sufficient-statistics.ts";
import { maximum } from "../../step/maximization.ts";
import type { Maximum } from "../../step/maximum.ts";
import type { Rules } from "../../step/rules.ts";
import { firstLook, lookAgain } from "../../step/second-look.ts";
import { drawDistinct } from "./draw.ts";

// Starts, all in stored units.

/**
 * The mixture of a hard assignment: every point to its nearest centre (the lower index of a tie), then one M-step.
 * in: centres, k × d
 * @throws COLLAPSED_COMPONENT
 */
export async function fromCentres(
  executor: Executor,
  centres: Float64Array,
  covarianceType: CovarianceType,
  rules: Rules,
): Promise<Maximum> {
  const { features } = executor.tiles;
  const components = centres.length / features;
  const layout = statisticsLayout(components, features, covarianceType);
  const assign = (measure: Measure) => {
    const parameters = withMeasure(centres, measureLayout(centres.length, layout), measure);
    const pass = { kind: "assignment", components, covarianceType, parameters } as const;
    return executor.run(pass, (slots) => reduce(executor, slots, layout, measure));
  };
  let look = firstLook(await assign({ pivots: centres, frames: unframed(layout) }), rules);
  while (look.again !== null) look = lookAgain(look, await assign(look.again.measure), rules);
  return maximum(look.expected, rules);
}

/**
 * A start with different points, drawn ∝ their weights, as means; with the mean variance of the data, after
 * regularization, for all components; and with equal weights.
 * in: components, at most the points of positive weight; variances of the features, d
 * @throws TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT
 */
export function fromRandomPoints(
  { tiles }: Pick<Executor, "tiles">,
  { components, covarianceType }: { readonly components: number; readonly covarianceType: CovarianceType },
  variances: Float64Array,
  random: Random,
  { regularization: { floors, ridges } }: Pick<Rules, "regularization">,
): Mixture {
  const { features } = tiles;
  const shape = { components, features, covarianceType };
  const points = differentPoints(tiles, components, random);
  const spread = variances.reduce((total, value) => total + value, 0) / features;
  return factorized({
    ...shape,
    weights: new Float64Array(components).fill(1 / components),
    means: Float64Array.from(points.flatMap((point) => [...point])),
    meansResidual: new Float64Array(components * features),
    packedCovariances: isotropic(Math.max(spread, greatest(floors), greatest(ridges)), shape),
  });
}

/** A draw with the same coordinates as an earlier one is replaced by the first point in order that differs. */
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
