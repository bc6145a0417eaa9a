import { referenceForm } from "../kernels/reference-form.ts";
import { statisticsLayout, WEIGHT_TOTAL } from "../sufficient-statistics.ts";
import { readPoint, type Tiles } from "../tiles.ts";
import type { AssignmentPass, BlockTask } from "./pass.ts";

/** Hard assignment: responsibility 1 for the nearest centre (the lower index of a tie), statistics about the centres. */
export function assignment(pass: AssignmentPass, tiles: Tiles): BlockTask {
  const { components, covarianceType, parameters: centres } = pass;
  const { count, features, tileSize, pointWeights } = tiles;
  const layout = statisticsLayout(components, features, covarianceType);
  const form = referenceForm(covarianceType);
  const point = new Float64Array(features);

  return (firstTile, endTile, slot) => {
    slot.fill(0);
    const end = Math.min(endTile * tileSize, count);
    for (let i = firstTile * tileSize; i < end; i++) {
      const weight = pointWeights === null ? 1 : pointWeights[i];
      if (weight === 0) continue;
      readPoint(tiles, i, point);
      const component = nearest(point, centres, components);
      const row = component * features;
      for (let j = 0; j < features; j++) point[j] -= centres[row + j];
      slot[WEIGHT_TOTAL] += weight;
      slot[layout.responsibilitySums + component] += weight;
      for (let j = 0; j < features; j++) slot[layout.weightedSums + row + j] += weight * point[j];
      form.scatter(slot, layout, component, weight, point);
    }
  };
}

/** Index of the centre nearest to a point. in: point, d; centres, count × d */
function nearest(point: Float64Array, centres: Float64Array, count: number): number {
  const features = point.length;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let centre = 0, index = 0; centre < count; centre++) {
    let squared = 0;
    for (let j = 0; j < features; j++, index++) squared += (point[j] - centres[index]) ** 2;
    if (squared < least) {
      least = squared;
      best = centre;
    }
  }
  return best;
}
