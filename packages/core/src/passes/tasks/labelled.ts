import type { KernelCache } from "../../kernels/kernel-cache.ts";
import type { Tiles } from "../../points/tiles.ts";
import { measureIn, measureLayout } from "../../statistics/frames.ts";
import type { BlockTask, LabelledPass } from "../pass.ts";
import { roomOfBlocks } from "../rows-length.ts";

/** Responsibility 1 for the label of every point: statistics about the measure. */
export function labelledTask(
  { program, parameters, labels, rows }: LabelledPass,
  tiles: Tiles,
  kernels: KernelCache,
): BlockTask {
  const kernel = kernels.get(program);
  kernel.loadMeasure(measureIn(parameters, measureLayout(0, program.shape), program.shape));
  const rowsOf = rows && roomOfBlocks(rows, program.shape, tiles);
  return (first, end, slot) =>
    kernel.moments({ tiles, first, end }, labelsOf(labels, tiles, first, end), slot, rowsOf?.(first));
}

/** The labels of the points of some tiles. */
function labelsOf(labels: Int32Array, { tileSize }: Tiles, first: number, end: number): Int32Array {
  return labels.subarray(first * tileSize, end * tileSize);
}
