import { blockGrid, nodesBetween, statisticsLayout, tileSizeFor, tilesBytes } from "@emix/core";
import { blocksOfPartitions } from "../../packages/cluster/src/driver/partitions.ts";

/** Points, and the mixture with full covariances that is fitted to them. */
export interface Sized {
  readonly count: number;
  readonly features: number;
  readonly components: number;
}

/** What a step on a cluster takes beside its computing, in milliseconds: for itself, and for each megabyte. docs/guide/cluster.md has them. */
export const STEP_MILLISECONDS = 8;
export const MEGABYTE_MILLISECONDS = 4;
/** A megabyte where workers, Redis and the fit share two cores, as in this bench. */
export const SHARED_MEGABYTE_MILLISECONDS = 13;

/** Megabytes of a step: the sums of each worker's nodes with their errors, and the parameters, which each worker reads. */
export function megabytesOfStep({ count, features, components }: Sized, workers: number): number {
  const length = statisticsLayout(components, features, "full").length;
  const data = { byteLength: tilesBytes({ count, features, dtype: "f64", weighted: false }) };
  const grid = blockGrid({ count, tileSize: tileSizeFor(features), data }, length);
  const nodes = blocksOfPartitions(grid, workers).map(({ first, end }) => nodesBetween(first, end, grid.blocks).length);
  const replies = nodes.reduce((sum, many) => sum + 2 * many * length, 0);
  return (8 * (replies + workers * length)) / 1e6;
}

/** The milliseconds of a step on a cluster. in: those of a step in an engine with as many threads; of a megabyte */
export function stepOnCluster(inEngine: number, megabytes: number, perMegabyte: number): number {
  return inEngine + STEP_MILLISECONDS + perMegabyte * megabytes;
}
