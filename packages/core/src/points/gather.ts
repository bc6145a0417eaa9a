import { atOnce, rowsInStretch, type Stretches } from "./stretches.ts";
import {
  type Allocate,
  allocateTiles,
  privateMemory,
  storedPoint,
  type Tiles,
  type TilesInMemory,
  tileSizeFor,
} from "./tiles.ts";

/** Some points with weights of their own. */
export interface ChosenPoints {
  /** indices of points */
  readonly points: ArrayLike<number>;
  /** null: 1 each */
  readonly weights: Float64Array | null;
}

/** Changes a point in place. in/out: d */
export type ChangePoint = (point: Float64Array) => void;

/** How many bytes `gatherTiles` needs. */
export function gatheredBytes(count: number, features: number): number {
  const tileSize = tileSizeFor(features);
  return Math.ceil(count / tileSize) * tileSize * (features + 1) * 8;
}

/** As `gatheringTiles`, at once. */
export function gatherTiles(
  tiles: Tiles,
  chosen: ChosenPoints,
  memory: ArrayBufferLike,
  change?: ChangePoint,
): TilesInMemory {
  return atOnce(gatheringTiles(tiles, chosen, memory, change));
}

/**
 * Copies points, as they are stored or changed, to tiles of doubles. The padding repeats the first point.
 * in: memory of at least `gatheredBytes`, with any content
 */
export function* gatheringTiles(
  tiles: Tiles,
  { points, weights }: ChosenPoints,
  memory: ArrayBufferLike,
  change: ChangePoint = () => {},
): Stretches<TilesInMemory> {
  const { features, tileSize } = tiles;
  const padded = Math.ceil(points.length / tileSize) * tileSize;
  const data = new Float64Array(memory, 0, padded * features);
  const point = new Float64Array(features);
  const stretch = rowsInStretch(features);
  for (let i = 0; i < padded; i++) {
    if (i % stretch === 0) yield;
    storedPoint(tiles, points[i < points.length ? i : 0], point);
    change(point);
    const lane = i % tileSize;
    for (let j = 0, at = (i - lane) * features + lane; j < features; j++, at += tileSize) data[at] = point[j];
  }
  const pointWeights = weights === null ? null : new Float64Array(memory, data.byteLength, padded);
  pointWeights?.fill(0).set(weights as Float64Array);
  const { exponents } = tiles;
  return {
    count: points.length,
    features,
    dtype: "f64",
    tileSize,
    data,
    pointWeights,
    exponents,
    dropped: null,
    order: null,
  };
}

/** Rows as points of their own. in: rows, n × d. The padding repeats the first of them. */
export function tilesOfRows(rows: Float64Array, features: number, allocate: Allocate = privateMemory): TilesInMemory {
  const count = rows.length / features;
  const tiles = allocateTiles({ count, features, dtype: "f64", weighted: false }, allocate);
  const { data, tileSize } = tiles;
  for (let i = 0; i < data.length / features; i++) {
    const lane = i % tileSize;
    const from = (i < count ? i : 0) * features;
    for (let j = 0, at = (i - lane) * features + lane; j < features; j++, at += tileSize) data[at] = rows[from + j];
  }
  return tiles;
}
