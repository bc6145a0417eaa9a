import type { DistanceKernel } from "../../kernels/distance-kernel.ts";
import type { KernelCache } from "../../kernels/kernel-cache.ts";
import { type Balls, GROUP_TILES, type Nodes, STRIP_POINTS } from "../../points/nodes.ts";
import { storedPoint, type Tiles, tileCount } from "../../points/tiles.ts";
import type { BlockTask, NodesPass } from "../pass.ts";

/** Covers the rounding of a computed distance, and squares that underflow. */
const RELATIVE = 1 + 1e-12;
const ABSOLUTE = 2 ** -520;

/** The balls around the points of some groups of tiles, of their tiles and of their strips. */
export function nodes({ program, nodes }: NodesPass, tiles: Tiles, kernels: KernelCache): BlockTask {
  const total = tileCount(tiles);
  const balls = new BallMaker(tiles, nodes, kernels.distances(program));

  return (firstGroup, endGroup) => {
    for (let group = firstGroup; group < endGroup; group++) {
      const [first, end] = [group * GROUP_TILES, Math.min((group + 1) * GROUP_TILES, total)];
      balls.setCentroids(group, first, end);
      nodes.groups.radii[group] = 0;
      for (let tile = first; tile < end; tile++) balls.measure(tile, group);
    }
  };
}

/** Makes the balls of a group: first all centroids, from strips up, then the radii. */
class BallMaker {
  readonly #tiles: Tiles;
  readonly #nodes: Nodes;
  readonly #kernel: DistanceKernel;
  /** of each tile of the group, by its place: 1 for a point that weighs something, else 0 */
  readonly #counted: readonly Float64Array[];
  /** d sums of coordinates */
  readonly #ofTile: Float64Array;
  readonly #ofGroup: Float64Array;

  constructor(tiles: Tiles, nodes: Nodes, kernel: DistanceKernel) {
    this.#tiles = tiles;
    this.#nodes = nodes;
    this.#kernel = kernel;
    this.#counted = Array.from({ length: GROUP_TILES }, () => new Float64Array(tiles.tileSize));
    this.#ofTile = new Float64Array(tiles.features);
    this.#ofGroup = new Float64Array(tiles.features);
  }

  setCentroids(group: number, first: number, end: number): void {
    let count = 0;
    this.#ofGroup.fill(0);
    for (let tile = first; tile < end; tile++) count += this.#addTile(tile);
    this.#setCentroid(this.#nodes.groups, group, { sums: this.#ofGroup, at: 0, count }, first * this.#tiles.tileSize);
  }

  /** out: how many points of the tile weigh something */
  #addTile(tile: number): number {
    const { tileSize, features } = this.#tiles;
    const { strips, tiles } = this.#nodes;
    const counted = this.#counted[tile % GROUP_TILES];
    countPoints(this.#tiles, tile, counted);
    this.#kernel.take(this.#tiles, tile);
    const ofStrips = this.#kernel.sums(tile % GROUP_TILES, counted);
    let all = 0;
    this.#ofTile.fill(0);
    for (let lane = 0, at = 0; lane < tileSize; lane += STRIP_POINTS, at += features) {
      const count = sumBetween(counted, lane, lane + STRIP_POINTS);
      const strip = (tile * tileSize + lane) / STRIP_POINTS;
      this.#setCentroid(strips, strip, { sums: ofStrips, at, count }, tile * tileSize + lane);
      addTo(this.#ofTile, ofStrips, at);
      all += count;
    }
    this.#setCentroid(tiles, tile, { sums: this.#ofTile, at: 0, count: all }, tile * tileSize);
    addTo(this.#ofGroup, this.#ofTile, 0);
    return all;
  }

  /** in: point, which is the centroid where none counts */
  #setCentroid({ centroids }: Balls, ball: number, { sums, at, count }: SumOfPoints, point: number): void {
    const { features } = this.#tiles;
    // Without views of its d numbers, which would take longer than they do: there is a strip for each eight points.
    const own = ball * features;
    if (count === 0) storedPoint(this.#tiles, point, centroids.subarray(own, own + features));
    else for (let j = 0; j < features; j++) centroids[own + j] = sums[at + j] / count;
  }

  /** Sets the radii of a tile and its strips, and sees to that of the group. */
  measure(tile: number, group: number): void {
    const { features, tileSize } = this.#tiles;
    const { strips, tiles, groups } = this.#nodes;
    const place = tile % GROUP_TILES;
    const first = (tile * tileSize) / STRIP_POINTS;
    const end = first + tileSize / STRIP_POINTS;
    const fromStrips = this.#kernel.distances(place, strips.centroids.subarray(first * features, end * features));
    for (let strip = first, lane = 0; strip < end; strip++, lane += STRIP_POINTS) {
      strips.radii[strip] = radius(greatestOf(fromStrips, this.#counted[place], lane, lane + STRIP_POINTS));
    }
    tiles.radii[tile] = this.#radiusAbout(place, tiles, tile);
    groups.radii[group] = Math.max(groups.radii[group], this.#radiusAbout(place, groups, group));
  }

  /** How far the points of a tile are from the centroid of a ball. */
  #radiusAbout(place: number, { centroids }: Balls, ball: number): number {
    const { features, tileSize } = this.#tiles;
    const squared = this.#kernel.distances(place, centroids.subarray(ball * features, (ball + 1) * features));
    return radius(greatestOf(squared, this.#counted[place], 0, tileSize));
  }
}

interface SumOfPoints {
  /** d from `at` on */
  readonly sums: Float64Array;
  readonly at: number;
  readonly count: number;
}

/** out: B, 1 for a point that weighs something, else 0 */
function countPoints({ count, tileSize, pointWeights }: Tiles, tile: number, out: Float64Array): void {
  const first = tile * tileSize;
  for (let lane = 0; lane < tileSize; lane++) {
    const weighs = pointWeights === null || pointWeights[first + lane] > 0;
    out[lane] = Number(weighs && first + lane < count);
  }
}

function sumBetween(values: Float64Array, first: number, end: number): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += values[i];
  return sum;
}

function addTo(total: Float64Array, values: Float64Array, at: number): void {
  for (let j = 0; j < total.length; j++) total[j] += values[at + j];
}

/** The greatest value of those that count; −1 if none does. */
function greatestOf(values: Float64Array, counted: Float64Array, first: number, end: number): number {
  let greatest = -1;
  for (let lane = first; lane < end; lane++) {
    if (counted[lane] > 0 && values[lane] > greatest) greatest = values[lane];
  }
  return greatest;
}

/** in: the greatest squared distance, negative where no point counts */
function radius(squared: number): number {
  return squared < 0 ? 0 : Math.sqrt(squared) * RELATIVE + ABSOLUTE;
}
