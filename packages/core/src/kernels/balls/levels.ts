import { storedPoint, type Tiles } from "../../points/tiles.ts";

/** A ball has so many members: points, or balls of the level below. */
export const MEMBERS = 8;

/** The balls of a level. */
export interface Balls {
  readonly count: number;
  /** count × d: the mean of the points of positive weight; where there are none, the first point */
  readonly centroids: Float64Array;
  /** count: no point of positive weight lies farther from its centroid, rounding included */
  readonly radii: Float64Array;
}

/** Levels go up to one with so few balls. */
const MOST_ROOTS = 64;
/** Covers the rounding of computed distances. */
const RELATIVE = 1 + 1e-9;
/** Covers squares that underflow. */
const ABSOLUTE = 2 ** -500;

/** The levels of balls over points, from balls of eight points up. */
export function ballsOf(tiles: Tiles): Balls[] {
  const { count, features } = tiles;
  const rows = rowsOf(tiles);
  const counted = countedOf(tiles);
  const levels: Balls[] = [];
  let below = { count, sums: weighed(rows, counted, features), counted };
  for (let span = MEMBERS; below.count > MOST_ROOTS || levels.length === 0; span *= MEMBERS) {
    const sums = summed(below.sums, below.count, features);
    const counts = summed(below.counted, below.count, 1);
    const balls = Math.ceil(below.count / MEMBERS);
    const centroids = sums.map((sum, at) => {
      const ball = Math.floor(at / features);
      return counts[ball] > 0 ? sum / counts[ball] : rows[ball * span * features + (at % features)];
    });
    levels.push({ count: balls, centroids, radii: radiiOf({ rows, counted, features }, centroids, span) });
    below = { count: balls, sums, counted: counts };
  }
  return levels;
}

/** n × d */
export function rowsOf(tiles: Tiles): Float64Array {
  const { count, features } = tiles;
  const rows = new Float64Array(count * features);
  for (let i = 0; i < count; i++) storedPoint(tiles, i, rows.subarray(i * features, (i + 1) * features));
  return rows;
}

/** n: 1 for a point of positive weight, else 0 */
function countedOf({ count, pointWeights }: Tiles): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => (pointWeights === null || pointWeights[i] > 0 ? 1 : 0));
}

function weighed(rows: Float64Array, counted: Float64Array, features: number): Float64Array {
  return rows.map((value, at) => value * counted[Math.floor(at / features)]);
}

/** Sums of each eight rows. */
function summed(rows: Float64Array, count: number, width: number): Float64Array {
  const sums = new Float64Array(Math.ceil(count / MEMBERS) * width);
  for (let i = 0; i < count; i++) {
    const to = Math.floor(i / MEMBERS) * width;
    for (let j = 0; j < width; j++) sums[to + j] += rows[i * width + j];
  }
  return sums;
}

interface CountedRows {
  readonly rows: Float64Array;
  readonly counted: Float64Array;
  readonly features: number;
}

function radiiOf({ rows, counted, features }: CountedRows, centroids: Float64Array, span: number): Float64Array {
  const radii = new Float64Array(centroids.length / features);
  for (let i = 0; i < counted.length; i++) {
    if (counted[i] === 0) continue;
    const ball = Math.floor(i / span);
    let squares = 0;
    for (let j = 0; j < features; j++) squares += (rows[i * features + j] - centroids[ball * features + j]) ** 2;
    radii[ball] = Math.max(radii[ball], squares);
  }
  return radii.map((squares) => Math.sqrt(squares) * RELATIVE + ABSOLUTE);
}
