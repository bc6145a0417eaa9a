import { GUESSED } from "../../kernels/pair-lists.ts";
import type { Executor } from "../../passes/executor.ts";
import { distancesWork } from "../../passes/work.ts";
import { gatheredBytes, tilesOfRows } from "../../points/gather.ts";
import type { Nodes } from "../../points/nodes.ts";
import { type TilesFacts, tileCount, tileSizeFor } from "../../points/tiles.ts";
import { areMany } from "../../statistics/many.ts";
import type { ListContext } from "./context.ts";
import type { ListMemory } from "./list-memory.ts";

/** Begins the list of each tile with components that are near to it. in: labels, of its points or of parts of it, tile by tile */
export function guessLists(tiles: TilesFacts, labels: Int32Array, memory: ListMemory): void {
  const count = tileCount(tiles);
  const inTile = Math.floor(labels.length / count);
  for (let tile = 0; tile < count; tile++) {
    const near = new Set(labels.subarray(tile * inTile, (tile + 1) * inTile));
    const listed = Int32Array.from(near).sort().subarray(0, memory.capacity);
    memory.components.set(listed, tile * memory.capacity);
    memory.counts[tile] = GUESSED + listed.length;
  }
}

/**
 * The component whose mean is nearest to the centre of each strip. Where components are fewer, the list of a tile is a guess
 * for the next that is good enough: null.
 */
export async function labelsOfStrips(
  executor: Executor,
  context: ListContext,
  nodes: Nodes,
): Promise<Int32Array | null> {
  const { components, features } = context;
  if (!areMany(components)) return null;
  const strips = nodes.strips.radii.length;
  const padded = Math.ceil(strips / tileSizeFor(features)) * tileSizeFor(features);
  return executor.lend(gatheredBytes(strips, features) + 4 * padded, async (lent) => {
    const labels = new Int32Array(lent, gatheredBytes(strips, features), padded);
    await labelCentroids(executor.over(tilesOfRows(nodes.strips.centroids, features, () => lent)), context, labels);
    return labels.slice(0, strips);
  });
}

/** The nearest means, measured in deviations of the components on average. */
async function labelCentroids(executor: Executor, context: ListContext, labels: Int32Array): Promise<void> {
  const { components, features, means } = context;
  const scales = context.scales();
  const pivot = means.subarray(0, features);
  const parameters = new Float64Array((2 + components) * features);
  parameters.set(pivot);
  parameters.set(scales, features);
  for (let i = 0; i < means.length; i++) {
    parameters[2 * features + i] = (means[i] - pivot[i % features]) * scales[i % features];
  }
  const { tiles, programs } = executor;
  const program = programs.balls(tiles, distancesWork(tiles.count, features, components));
  await executor.run({ kind: "nearest", program, parameters, labels }, () => undefined);
}
