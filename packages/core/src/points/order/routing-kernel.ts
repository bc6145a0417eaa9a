import type { Tiles } from "../tiles.ts";
import type { Bisections } from "./bisections.ts";

/** What points are routed by. */
export interface Route extends Pick<Tiles, "features" | "tileSize"> {
  readonly tree: Bisections;
  /** how coordinates are measured, (x − m) · s: m and s, d each */
  readonly measures: Float64Array;
}

/** Coordinates of rows are no larger, so that sums of their squares are numbers of 32 bits. */
export const FARTHEST_ROW: number = 2 ** 20;

/** Makes rows of the points of a tile, and takes them down a tree. All kernels give the same bits. */
export interface RoutingKernel {
  /** B × `rowWidth(d)`: coordinates as they are measured, 0 where the width is more than d */
  readonly rows: Float32Array;
  /** B: the leaf of each point */
  readonly leaves: Int32Array;
  /** in: columns of a tile */
  route(columns: Float64Array | Float32Array): void;
}
