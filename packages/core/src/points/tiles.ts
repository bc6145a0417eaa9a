import { timesPower } from "../linear-algebra/powers-of-two.ts";
import { emptyData } from "./errors.ts";
import type { Exponents } from "./exponents.ts";
import { type Nodes, nodesBetween } from "./nodes.ts";

/** How a coordinate is stored; arithmetic is f64 unless a kernel states otherwise. */
export type Dtype = "f64" | "f32";

/**
 * Points in tile-major storage: tile t holds the points t·B … t·B + B − 1 as d rows of B
 * coordinates (feature-major), so that a kernel reads one feature of neighbouring points from neighbouring addresses.
 * The padding of the last tile repeats a real point with weight 0. This is plain data: over a SharedArrayBuffer it
 * crosses threads as it is.
 */
export interface Tiles {
  /** n */
  readonly count: number;
  /** d */
  readonly features: number;
  readonly dtype: Dtype;
  /** B: points in a tile */
  readonly tileSize: number;
  /** ⌈n/B⌉ tiles × d features × B points */
  readonly data: Coordinates;
  /** ⌈n/B⌉·B weights, 0 for padding; null if every point has weight 1 */
  readonly pointWeights: Float64Array | null;
  /** What coordinates were divided by; null if that was not needed. */
  readonly exponents: Exponents;
  /**
   * Rows left out because a number was missing, in the caller's numbering: ascending, from 0; null if there are none.
   */
  readonly dropped: Uint32Array | null;
  /**
   * n: which of the points that were kept, counted in the caller's order, is stored at each place; null: they are stored
   * in that order.
   */
  readonly order: Uint32Array | null;
  /** Where neighbours lie, if that was found when they were put in order. */
  readonly nodes?: Nodes | undefined;
}

type Numbers = Float64Array | Float32Array;

/** Coordinates in memory, or where they are read as they are needed. */
type Coordinates = Numbers | TileReader;

/** Reads coordinates that are not in memory, some tiles at a time. */
export interface TileReader {
  /** how many bytes all coordinates take */
  readonly byteLength: number;
  /** The coordinates of the tiles [first, end), valid until others are read. */
  read(first: number, end: number): Numbers;
  /** A reader of the tiles [first, end) alone. */
  between(first: number, end: number): TileReader;
}

/** Tiles that lie in memory as a whole. */
export interface TilesInMemory extends Tiles {
  readonly data: Numbers;
}

/** What is known of points wherever their coordinates are. `Tiles` are the points themselves. */
export interface TilesFacts extends Omit<Tiles, "data" | "dropped" | "nodes"> {
  readonly data: { readonly byteLength: number };
  readonly dropped: { readonly length: number } | null;
}

/** The tiles [first, end) of some points. */
export interface TileRange {
  readonly tiles: Tiles;
  readonly first: number;
  readonly end: number;
}

export interface TilesShape {
  readonly count: number;
  readonly features: number;
  readonly dtype: Dtype;
  readonly weighted: boolean;
  /** B; default: `tileSizeFor(features)` */
  readonly tileSize?: number | undefined;
}

/** Gives a buffer of this many bytes; shared memory if threads are to read it. */
export type Allocate = (bytes: number) => ArrayBufferLike;

export const privateMemory: Allocate = (bytes) => new ArrayBuffer(bytes);

/** B depends on d alone: a tile and its scratch space stay in the first-level cache (measured in docs/numerics.md). */
export function tileSizeFor(features: number): number {
  if (features <= 16) return 64;
  return features <= 64 ? 32 : 16;
}

/** How many rows the caller gave: points and dropped rows. */
export function rowsGiven({ count, dropped }: Pick<Tiles, "count" | "dropped">): number {
  return count + (dropped?.length ?? 0);
}

export function tileCount(tiles: Pick<Tiles, "count" | "tileSize">): number {
  return Math.ceil(tiles.count / tiles.tileSize);
}

/** How many bytes the points (and weights) of this shape take. */
export function tilesBytes({ count, features, dtype, weighted }: TilesShape): number {
  const padded = Math.ceil(count / tileSizeFor(features)) * tileSizeFor(features);
  return padded * features * (dtype === "f64" ? 8 : 4) + (weighted ? padded * 8 : 0);
}

/** Can this thread read the coordinates? */
export function areHere(tiles: TilesFacts): tiles is Tiles {
  return ArrayBuffer.isView(tiles.data) || "read" in tiles.data;
}

/** Do they lie in memory as a whole? */
export function areInMemory(tiles: Tiles): tiles is TilesInMemory {
  return ArrayBuffer.isView(tiles.data);
}

/** The coordinates of the tiles [first, end): (end − first) × d × B, valid until others of the same points are asked for. */
export function coordinates({ data, features, tileSize }: PlacedTiles, first: number, end: number): Numbers {
  if (!ArrayBuffer.isView(data)) return data.read(first, end);
  const [from, to] = [first * tileSize * features, end * tileSize * features];
  // A view takes a good part of the time that a row takes.
  return from === 0 && to === data.length ? data : data.subarray(from, to);
}

type PlacedTiles = Pick<Tiles, "data" | "features" | "tileSize">;

/** Room for the coordinates of some points at a time. */
interface TilesRoom {
  /** how many points */
  readonly held: number;
  /** Default: `allocate`. */
  readonly window?: Allocate | undefined;
}

/** Makes room for n points, which a `TileWriter` fills. @throws EMPTY_DATA, and what `allocate` throws */
export function allocateTiles(
  shape: TilesShape,
  allocate: Allocate = privateMemory,
  { held, window = allocate }: TilesRoom = { held: shape.count },
): TilesInMemory {
  const { count, features, dtype, weighted, tileSize = tileSizeFor(features) } = shape;
  if (count === 0) throw emptyData();
  const padded = Math.ceil(count / tileSize) * tileSize;
  const length = Math.ceil(held / tileSize) * tileSize * features;
  const data =
    dtype === "f64" ? new Float64Array(window(length * 8), 0, length) : new Float32Array(window(length * 4), 0, length);
  const pointWeights = weighted ? new Float64Array(allocate(padded * 8)) : null;
  return { count, features, dtype, tileSize, data, pointWeights, exponents: null, dropped: null, order: null };
}

/** The tiles [first, end) as tiles of their own, over the same memory: results for them are in the order in which they are stored. */
export function tilesBetween<T extends Tiles>(tiles: T, first: number, end: number): T {
  const { count, features, tileSize, data, pointWeights, nodes } = tiles;
  const [from, to] = [first * tileSize, end * tileSize];
  return {
    ...tiles,
    count: Math.min(to, count) - from,
    dropped: null,
    order: null,
    nodes: nodes && nodesBetween(nodes, first, end),
    data: ArrayBuffer.isView(data) ? data.subarray(from * features, to * features) : data.between(first, end),
    pointWeights: pointWeights === null ? null : pointWeights.subarray(from, to),
  };
}

/** Reads a point as it is stored. out: d */
export function storedPoint(tiles: Tiles, point: number, out: Float64Array): Float64Array {
  const { features, tileSize, data } = tiles;
  const lane = point % tileSize;
  const tile = (point - lane) / tileSize;
  // Without a view of the tile where it is not needed: this is called for every point.
  const inMemory = ArrayBuffer.isView(data);
  const numbers = inMemory ? data : data.read(tile, tile + 1);
  let index = (inMemory ? (point - lane) * features : 0) + lane;
  for (let feature = 0; feature < features; feature++, index += tileSize) out[feature] = numbers[index];
  return out;
}

/** Reads a point as it was given. out: d */
export function readPoint(tiles: Tiles, point: number, out: Float64Array): Float64Array {
  storedPoint(tiles, point, out);
  const { exponents } = tiles;
  if (exponents !== null) for (let j = 0; j < out.length; j++) out[j] = timesPower(out[j], exponents[j]);
  return out;
}

/** Reads points as they were given. in: where they are stored. out: points × d */
export function readPoints(tiles: Tiles, places: Uint32Array): Float64Array {
  const { features, tileSize, data, exponents } = tiles;
  const points = new Float64Array(places.length * features);
  if (!ArrayBuffer.isView(data)) {
    // Points of the same tile one after the other: the tile is read once.
    const order = Uint32Array.from(places.keys()).sort((a, b) => places[a] - places[b]);
    for (const i of order) storedPoint(tiles, places[i], points.subarray(i * features, (i + 1) * features));
  } else {
    for (let i = 0, at = 0; i < places.length; i++) {
      const lane = places[i] % tileSize;
      let index = (places[i] - lane) * features + lane;
      for (let j = 0; j < features; j++, index += tileSize) points[at++] = data[index];
    }
  }
  exponents?.forEach((exponent, j) => {
    for (let at = j; at < points.length; at += features) points[at] = timesPower(points[at], exponent);
  });
  return points;
}

/** The first point of positive weight, which lies near the data wherever rows of weight 0 lie. out: its index */
export function firstWeighing({ pointWeights }: TilesFacts): number {
  return pointWeights === null ? 0 : pointWeights.findIndex((weight) => weight > 0);
}

/** That point, as it is stored. out: d */
export function firstPoint(tiles: Tiles): Float64Array {
  return storedPoint(tiles, firstWeighing(tiles), new Float64Array(tiles.features));
}

/** The weights of one tile's points, 0 for padding. out: B */
export function readTileWeights(tiles: Tiles, tile: number, out: Float64Array): Float64Array {
  const { count, tileSize, pointWeights } = tiles;
  const first = tile * tileSize;
  if (pointWeights !== null) {
    out.set(pointWeights.subarray(first, first + tileSize));
    return out;
  }
  return out.fill(1, 0, Math.min(tileSize, count - first)).fill(0, Math.min(tileSize, count - first), tileSize);
}
