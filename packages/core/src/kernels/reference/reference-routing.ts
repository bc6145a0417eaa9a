import { DIRECTION_FEATURES } from "../../points/order/direction.ts";
import { rowWidth } from "../../points/order/parting-kernel.ts";
import { FARTHEST_ROW, type Route, type RoutingKernel } from "../../points/order/routing-kernel.ts";

/** The slow, obvious kernel. Everything is rounded to 32 bits. */
export function referenceRoutingKernel({ features, tileSize, tree, measures }: Route): RoutingKernel {
  const width = rowWidth(features);
  const rows = new Float32Array(tileSize * width);
  const leaves = new Int32Array(tileSize);

  return {
    rows,
    leaves,

    route(columns) {
      for (let lane = 0; lane < tileSize; lane++) {
        const row = rows.subarray(lane * width, (lane + 1) * width);
        for (let j = 0; j < features; j++) {
          row[j] = clamp((columns[j * tileSize + lane] - measures[j]) * measures[features + j]);
        }
        leaves[lane] = leafOf(row);
      }
    },
  };

  function leafOf(row: Float32Array): number {
    let slot = 0;
    while (tree.children[slot] > 0) {
      const at = DIRECTION_FEATURES * slot;
      const [a, b, c, d] = products(row, at);
      const along = Math.fround(Math.fround(a + c) + Math.fround(b + d));
      slot = tree.children[slot] + Number(along >= tree.thresholds[slot]);
    }
    return tree.leafNumbers[slot];
  }

  /** The products of a direction's features. */
  function products(row: Float32Array, at: number): Float32Array {
    return tree.coefficients.slice(at, at + DIRECTION_FEATURES).map((value, i) => value * row[tree.features[at + i]]);
  }
}

function clamp(x: number): number {
  if (!(x < FARTHEST_ROW)) return FARTHEST_ROW;
  return Math.max(x, -FARTHEST_ROW);
}
