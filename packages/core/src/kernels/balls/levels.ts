import { rowsInStretch, type Stretches } from "../../points/stretches.ts";
import { storedPoint, type Tiles } from "../../points/tiles.ts";

/** A ball has this many members: points, or balls of the level below. */
export const MEMBERS = 8;

/** The balls of a level. */
export interface Balls {
  readonly count: number;
  /** count × d: the mean of the points of positive weight; where there are none, the first point */
  readonly centroids: Float64Array;
  /** count: no point of positive weight lies farther from its centroid, rounding included */
  readonly radii: Float64Array;
}

/** The highest level has no more balls than this. */
const MOST_ROOTS = 64;
/** Covers the rounding of computed distances. */
const RELATIVE = 1 + 1e-9;
/** Covers squares that underflow. */
const ABSOLUTE = 2 ** -500;

/** The levels of balls over points, from balls of eight points up. */
export function* ballsOf(tiles: Tiles): Stretches<Balls[]> {
  const { count, features } = tiles;
  const rows = yield* rowsOf(tiles);
  const counted = countedOf(tiles);
  const points = { rows, counted, features };
  const levels: Balls[] = [];
  let below = { count, sums: yield* weighRows(points), counted };
  for (let span = MEMBERS; below.count > MOST_ROOTS || levels.length === 0; span *= MEMBERS) {
    const sums = yield* sumMembers(below.sums, below.count, features);
    const counts = yield* sumMembers(below.counted, below.count, 1);
    const balls = Math.ceil(below.count / MEMBERS);
    const centroids = new Float64Array(balls * features);
    const stretch = rowsInStretch(features);
    for (let ball = 0; ball < balls; ball++) {
      if (ball % stretch === 0) yield;
      for (let at = ball * features, first = ball * span * features, j = 0; j < features; j++, at++) {
        centroids[at] = counts[ball] > 0 ? sums[at] / counts[ball] : rows[first + j];
      }
    }
    levels.push({ count: balls, centroids, radii: yield* radiiOf(points, centroids, span) });
    below = { count: balls, sums, counted: counts };
  }
  return levels;
}

/** n × d */
export function* rowsOf(tiles: Tiles): Stretches<Float64Array> {
  const { count, features } = tiles;
  const rows = new Float64Array(count * features);
  const stretch = rowsInStretch(features);
  for (let i = 0; i < count; i++) {
    if (i % stretch === 0) yield;
    storedPoint(tiles, i, rows.subarray(i * features, (i + 1) * features));
  }
  return rows;
}

/** n: 1 for a point of positive weight, else 0 */
function countedOf({ count, pointWeights }: Tiles): Float64Array {
  const counted = new Float64Array(count).fill(1);
  if (pointWeights !== null) for (let i = 0; i < count; i++) if (pointWeights[i] === 0) counted[i] = 0;
  return counted;
}

interface CountedRows {
  readonly rows: Float64Array;
  readonly counted: Float64Array;
  readonly features: number;
}

function* weighRows({ rows, counted, features }: CountedRows): Stretches<Float64Array> {
  const weighed = new Float64Array(rows.length);
  const stretch = rowsInStretch(features);
  for (let i = 0; i < counted.length; i++) {
    if (i % stretch === 0) yield;
    for (let at = i * features; at < (i + 1) * features; at++) weighed[at] = rows[at] * counted[i];
  }
  return weighed;
}

/** Sums of each eight rows. */
function* sumMembers(rows: Float64Array, count: number, width: number): Stretches<Float64Array> {
  const sums = new Float64Array(Math.ceil(count / MEMBERS) * width);
  const stretch = rowsInStretch(width);
  for (let i = 0; i < count; i++) {
    if (i % stretch === 0) yield;
    const to = Math.floor(i / MEMBERS) * width;
    for (let j = 0; j < width; j++) sums[to + j] += rows[i * width + j];
  }
  return sums;
}

function* radiiOf(points: CountedRows, centroids: Float64Array, span: number): Stretches<Float64Array> {
  const { rows, counted, features } = points;
  const radii = new Float64Array(centroids.length / features);
  const stretch = rowsInStretch(features);
  for (let i = 0; i < counted.length; i++) {
    if (i % stretch === 0) yield;
    if (counted[i] === 0) continue;
    const ball = Math.floor(i / span);
    let squares = 0;
    for (let j = 0; j < features; j++) squares += (rows[i * features + j] - centroids[ball * features + j]) ** 2;
    radii[ball] = Math.max(radii[ball], squares);
  }
  return radii.map((squares) => Math.sqrt(squares) * RELATIVE + ABSOLUTE);
}

/** The mean of the balls of the highest level. out: d */
export function middleOf(balls: readonly Balls[], features: number): Float64Array {
  const { count, centroids } = balls[balls.length - 1];
  const middle = new Float64Array(features);
  for (let i = 0; i < centroids.length; i++) middle[i % features] += centroids[i] / count;
  return middle;
}

/** How far points are from a vector at most, or a little more. */
export function sizeAbout({ radii, centroids }: Balls, middle: Float64Array): number {
  let most = 0;
  for (let ball = 0, at = 0; ball < radii.length; ball++) {
    let squares = 0;
    for (let j = 0; j < middle.length; j++, at++) squares += (centroids[at] - middle[j]) ** 2;
    most = Math.max(most, Math.sqrt(squares) + radii[ball]);
  }
  return most * (1 + 2 ** -30);
}
