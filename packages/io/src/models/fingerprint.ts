import { createHash } from "node:crypto";
import { areInMemory, placesOf, readPoints, type Tiles } from "@emix/core";
import { bytesOfDoubles } from "./little-endian.ts";

/** Doubles hashed at a time, about. */
const CHUNK = 1 << 15;

/** Points of a file that are read together: some of them lie in the same tile, which is then read once. */
const FILE_CHUNK = 1 << 23;

/**
 * What tells one set of points from another: "sha256:" and the SHA-256 of n, d, the coordinates row by row in the
 * caller's order, and the weights if there are any, all as little-endian doubles (−0 as 0). How they are stored (f32 or
 * f64, tiles, order) does not matter; rows that were left out do not count.
 */
export function fingerprint(tiles: Tiles): string {
  const { count, features, pointWeights } = tiles;
  const places = placesOf(tiles);
  const hash = createHash("sha256").update(bytesToHash(Float64Array.of(count, features)));
  const rows = Math.max(1, Math.floor((areInMemory(tiles) ? CHUNK : FILE_CHUNK) / features));
  for (let first = 0; first < count; first += rows) {
    hash.update(bytesOfDoubles(pointsOf(tiles, placesBetween(places, first, Math.min(first + rows, count)))));
  }
  if (pointWeights !== null) {
    hash.update(
      bytesToHash(places === null ? pointWeights.slice(0, count) : Float64Array.from(places, (at) => pointWeights[at])),
    );
  }
  return `sha256:${hash.digest("hex")}`;
}

/** Where the points from `first` to `end`, by the caller's order, are stored. */
function placesBetween(places: Uint32Array | null, first: number, end: number): Uint32Array {
  if (places !== null) return places.subarray(first, end);
  const same = new Uint32Array(end - first);
  for (let i = 0; i < same.length; i++) same[i] = first + i;
  return same;
}

/** in: places of points. out: points × d, −0 as 0 */
function pointsOf(tiles: Tiles, places: Uint32Array): Float64Array {
  const points = readPoints(tiles, places);
  for (let i = 0; i < points.length; i++) points[i] += 0;
  return points;
}

/** The bytes that are hashed: −0 counts as 0. */
function bytesToHash(values: Float64Array): Uint8Array {
  return bytesOfDoubles(values.map((value) => value + 0));
}
