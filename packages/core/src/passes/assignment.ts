import { squaredDistancesOfTile } from "../kernels/reference/reference-distances.ts";
import { pointAdder } from "../kernels/reference/reference-form.ts";
import { add, compensatedSums, rounded } from "../linear-algebra/compensated-sum.ts";
import { readTileWeights, storedPoint, type Tiles } from "../points/tiles.ts";
import { measureIn, measureLayout } from "../statistics/frames.ts";
import { statisticsLayout, WEIGHT_TOTAL } from "../statistics/sufficient-statistics.ts";
import type { AssignmentPass, BlockTask } from "./pass.ts";

/**
 * Hard assignment: responsibility 1 for the nearest centre (the lower index of a tie), statistics about the measure.
 */
export function assignment(pass: AssignmentPass, tiles: Tiles): BlockTask {
  const { components, covarianceType, parameters } = pass;
  const { features, tileSize } = tiles;
  const layout = statisticsLayout(components, features, covarianceType);
  const sums = compensatedSums(layout.length);
  const measure = measureIn(parameters, measureLayout(components * features, layout), layout);
  const addPoint = pointAdder(sums, layout, measure);
  const nearest = nearestCentres(parameters.subarray(0, components * features), tiles);
  const point = new Float64Array(features);
  const weights = new Float64Array(tileSize);

  return (firstTile, endTile, slot) => {
    sums.sums.fill(0);
    sums.errors.fill(0);
    for (let tile = firstTile; tile < endTile; tile++) {
      readTileWeights(tiles, tile, weights);
      const centres = nearest(tile);
      for (let lane = 0; lane < tileSize; lane++) {
        if (weights[lane] === 0) continue;
        add(sums, WEIGHT_TOTAL, weights[lane]);
        addPoint(centres[lane], weights[lane], storedPoint(tiles, tile * tileSize + lane, point));
      }
    }
    slot.set(rounded(sums));
  };
}

/** Finds, for a tile, the index of the centre nearest to each point. in: centres, k × d. out: B */
function nearestCentres(centres: Float64Array, tiles: Tiles): (tile: number) => Int32Array {
  const { features, tileSize } = tiles;
  const nearest = new Int32Array(tileSize);
  const least = new Float64Array(tileSize);
  const squared = new Float64Array(tileSize);
  return (tile) => {
    squaredDistancesOfTile(tiles, tile, centres.subarray(0, features), least);
    nearest.fill(0);
    for (let centre = 1; centre * features < centres.length; centre++) {
      squaredDistancesOfTile(tiles, tile, centres.subarray(centre * features, (centre + 1) * features), squared);
      for (let lane = 0; lane < tileSize; lane++) {
        if (squared[lane] >= least[lane]) continue;
        least[lane] = squared[lane];
        nearest[lane] = centre;
      }
    }
    return nearest;
  };
}
