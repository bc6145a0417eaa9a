import { CentreTree } from "../../kernels/balls/centre-tree.ts";
import { squaredDistancesOfTile } from "../../kernels/reference/reference-distances.ts";
import { coordinates, type Tiles } from "../../points/tiles.ts";
import type { BlockTask, NearestPass } from "../pass.ts";

/** The nearest centre of every point of some tiles. */
export function nearest({ program, parameters, labels }: NearestPass, tiles: Tiles): BlockTask {
  const { features, tileSize } = tiles;
  const [means, scales] = [parameters.slice(0, features), parameters.slice(features, 2 * features)];
  const centres = parameters.slice(2 * features);
  const finder = program === null ? allOf(tiles, centres) : new CentreTree(program, centres, features);

  return (first, end) => {
    for (let tile = first; tile < end; tile++) {
      const numbers = coordinates(tiles, tile, tile + 1);
      for (let j = 0, at = 0; j < features; j++) {
        for (let lane = 0; lane < tileSize; lane++, at++) finder.points[at] = (numbers[at] - means[j]) * scales[j];
      }
      finder.find();
      labels.set(finder.labels, tile * tileSize);
    }
  };
}

/** The slow, obvious way. */
function allOf(tiles: Tiles, centres: Float64Array): Pick<CentreTree, "points" | "labels" | "find"> {
  const { features, tileSize } = tiles;
  const points = new Float64Array(tileSize * features);
  const labels = new Int32Array(tileSize);
  const found = new Float64Array(tileSize);
  const least = new Float64Array(tileSize);
  const find = () => {
    least.fill(Number.POSITIVE_INFINITY);
    for (let c = 0; c * features < centres.length; c++) {
      const centre = centres.subarray(c * features, (c + 1) * features);
      squaredDistancesOfTile({ ...tiles, data: points }, 0, centre, found);
      found.forEach((squared, lane) => {
        if (squared >= least[lane]) return;
        least[lane] = squared;
        labels[lane] = c;
      });
    }
  };
  return { points, labels, find };
}
