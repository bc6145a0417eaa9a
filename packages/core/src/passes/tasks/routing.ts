import type { Bisections } from "../../points/order/bisections.ts";
import { DIRECTION_FEATURES } from "../../points/order/direction.ts";
import { coordinates, type Tiles } from "../../points/tiles.ts";
import type { BlockTask, RoutingPass } from "../pass.ts";

/** Takes every point of some tiles down the tree. */
export function routing({ tree, leafOf }: RoutingPass, tiles: Tiles): BlockTask {
  const { count, tileSize } = tiles;
  // The way from the first feature of a point to another, as points lie in a tile.
  const offsets = tree.features.map((feature) => feature * tileSize);
  const slots = new Int32Array(tileSize);
  const active = new Int32Array(tileSize);

  return (first, end) => {
    for (let tile = first; tile < end; tile++) {
      routeTile(coordinates(tiles, tile, tile + 1), { ...tree, offsets }, slots, active);
      const points = leafOf.subarray(tile * tileSize, Math.min((tile + 1) * tileSize, count));
      for (let lane = 0; lane < points.length; lane++) points[lane] = tree.leafNumbers[slots[lane]];
    }
  };
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
