import { createHash } from "node:crypto";
import { readPoint, type Tiles } from "@emix/core";
import { bytesOfDoubles } from "./little-endian.ts";

/** Doubles hashed at a time, about. */
const CHUNK = 1 << 15;

/**
 * What tells one set of points from another: "sha256:" and the SHA-256 of n, d, the coordinates row by row, and the
 * weights if there are any, all as little-endian doubles (−0 as 0). Storage (f32 or f64, tiles) does not matter; rows
 * that were left out do not count.
 */
export function fingerprint(tiles: Tiles): string {
  const { count, features, pointWeights } = tiles;
  const hash = createHash("sha256").update(hashed(Float64Array.of(count, features)));
  const rows = Math.max(1, Math.floor(CHUNK / features));
  for (let first = 0; first < count; first += rows) {
    hash.update(hashed(pointsOf(tiles, first, Math.min(first + rows, count))));
  }
  if (pointWeights !== null) hash.update(hashed(pointWeights.slice(0, count)));
  return `sha256:${hash.digest("hex")}`;
}

/** out: (end − first) × d */
function pointsOf(tiles: Tiles, first: number, end: number): Float64Array {
  const { features } = tiles;
  const points = new Float64Array((end - first) * features);
  for (let point = first; point < end; point++) {
    const start = (point - first) * features;
    readPoint(tiles, point, points.subarray(start, start + features));
  }
  return points;
}

/** The bytes that are hashed: −0 counts as 0. */
function hashed(values: Float64Array): Uint8Array {
  return bytesOfDoubles(values.map((value) => value + 0));
}
