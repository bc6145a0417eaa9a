import { addMoments, referenceForm } from "../kernels/reference/reference-form.ts";
import { add, compensatedSums, rounded } from "../linear-algebra/compensated-sum.ts";
import { storedPoint, type Tiles } from "../points/tiles.ts";
import { measureLayout } from "../statistics/frames.ts";
import { statisticsLayout, WEIGHT_TOTAL } from "../statistics/sufficient-statistics.ts";
import type { AssignmentPass, BlockTask } from "./pass.ts";

/** Hard assignment: responsibility 1 for the nearest centre (the lower index of a tie), statistics as the measure says. */
export function assignment(pass: AssignmentPass, tiles: Tiles): BlockTask {
  const { components, covarianceType, parameters } = pass;
  const { count, features, tileSize, pointWeights } = tiles;
  const layout = statisticsLayout(components, features, covarianceType);
  const measure = measureLayout(components * features, layout);
  const form = referenceForm(covarianceType);
  const point = new Float64Array(features);
  const z = new Float64Array(features);
  const u = new Float64Array(features);
  const sums = compensatedSums(layout.length);

  return (firstTile, endTile, slot) => {
    sums.sums.fill(0);
    sums.errors.fill(0);
    const end = Math.min(endTile * tileSize, count);
    for (let i = firstTile * tileSize; i < end; i++) {
      const weight = pointWeights === null ? 1 : pointWeights[i];
      if (weight === 0) continue;
      storedPoint(tiles, i, point);
      const component = nearest(point, parameters, components);
      add(sums, WEIGHT_TOTAL, weight);
      const framed = parameters[measure.framed + component];
      if (framed < 0) continue;
      const pivot = measure.pivots + component * features;
      for (let j = 0; j < features; j++) z[j] = point[j] - parameters[pivot + j];
      if (framed > 0) form.turn(parameters, measure.frames, component, z, u);
      addMoments(form, sums, layout, component, weight, z, framed > 0 ? u : z);
    }
    slot.set(rounded(sums));
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
