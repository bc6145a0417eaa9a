import type { Bisections } from "../../points/order/bisections.ts";
import { DIRECTION_FEATURES } from "../../points/order/direction.ts";
import { rowWidth } from "../../points/order/parting-kernel.ts";
import { coordinates, type Tiles } from "../../points/tiles.ts";
import type { BlockTask, RoutingPass } from "../pass.ts";

/** Coordinates farther out, in standard deviations, are taken for this many, so that their squares have sums. */
const FARTHEST = 2 ** 20;

/** Takes every point of some tiles down the tree, and leaves its row where chunks ask for it. */
export function routing({ tree, leafOf, rows, parameters }: RoutingPass, tiles: Tiles): BlockTask {
  const { count, features, tileSize } = tiles;
  const width = rowWidth(features);
  // The way from the first feature of a point to another, as points lie in a tile.
  const offsets = tree.features.map((feature) => feature * tileSize);
  const slots = new Int32Array(tileSize);
  const active = new Int32Array(tileSize);

  return (first, end) => {
    for (let tile = first; tile < end; tile++) {
      const points = coordinates(tiles, tile, tile + 1);
      routeTile(points, { ...tree, offsets }, slots, active);
      const [from, to] = [tile * tileSize, Math.min((tile + 1) * tileSize, count)];
      for (let i = from; i < to; i++) leafOf[i] = tree.leafNumbers[slots[i - from]];
      if (rows !== null) copyScaled(points, parameters, rows.subarray(from * width, to * width));
    }
  };
}

/** in: columns of a tile; means and scales, d each. out: a row for each of its points, the last column 0 if d is odd */
function copyScaled(columns: Float64Array | Float32Array, parameters: Float64Array, rows: Float32Array): void {
  const features = parameters.length / 2;
  const tileSize = columns.length / features;
  const width = rowWidth(features);
  for (let j = 0; j < features; j++) {
    const [mean, scale] = [parameters[j], parameters[features + j]];
    for (let from = j * tileSize, to = j; to < rows.length; from++, to += width) {
      rows[to] = Math.max(-FARTHEST, Math.min(FARTHEST, (columns[from] - mean) * scale));
    }
  }
  for (let j = features; j < width; j++) for (let to = j; to < rows.length; to += width) rows[to] = 0;
}

/** Takes all points of a tile down together, level by level. out: the slot of each, a leaf; active is scratch */
function routeTile(
  points: Float64Array | Float32Array,
  { children, offsets, coefficients, thresholds }: Bisections & { readonly offsets: Int32Array },
  slots: Int32Array,
  active: Int32Array,
): void {
  slots.fill(0);
  let left = children[0] === 0 ? 0 : slots.length;
  for (let lane = 0; lane < left; lane++) active[lane] = lane;
  while (left > 0) {
    let still = 0;
    for (let i = 0; i < left; i++) {
      const lane = active[i];
      const slot = slots[lane];
      const at = DIRECTION_FEATURES * slot;
      const along =
        coefficients[at] * points[lane + offsets[at]] +
        coefficients[at + 1] * points[lane + offsets[at + 1]] +
        (coefficients[at + 2] * points[lane + offsets[at + 2]] + coefficients[at + 3] * points[lane + offsets[at + 3]]);
      const next = children[slot] + Number(along >= thresholds[slot]);
      slots[lane] = next;
      active[still] = lane;
      still += Number(children[next] > 0);
    }
    left = still;
  }
}
