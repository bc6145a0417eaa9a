import type { DistanceKernel } from "../../kernels/distance-kernel.ts";
import type { KernelCache } from "../../kernels/kernel-cache.ts";
import { type Balls, GROUP_TILES, type Nodes, STRIP_POINTS } from "../../points/nodes.ts";
import { type Tiles, tileCount } from "../../points/tiles.ts";
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
  /** B ones: every point counts, and so does padding */
  readonly #ones: Float64Array;
  /** d sums of coordinates */
  readonly #ofTile: Float64Array;
  readonly #ofGroup: Float64Array;

  constructor(tiles: Tiles, nodes: Nodes, kernel: DistanceKernel) {
    this.#tiles = tiles;
    this.#nodes = nodes;
    this.#kernel = kernel;
    this.#ones = new Float64Array(tiles.tileSize).fill(1);
    this.#ofTile = new Float64Array(tiles.features);
    this.#ofGroup = new Float64Array(tiles.features);
  }

  setCentroids(group: number, first: number, end: number): void {
    this.#ofGroup.fill(0);
    for (let tile = first; tile < end; tile++) this.#addTile(tile);
    const points = (end - first) * this.#tiles.tileSize;
    this.#setCentroid(this.#nodes.groups, group, { sums: this.#ofGroup, at: 0, points });
  }

  #addTile(tile: number): void {
    const { tileSize, features } = this.#tiles;
    const { strips, tiles } = this.#nodes;
    this.#kernel.take(this.#tiles, tile);
    const ofStrips = this.#kernel.sums(tile % GROUP_TILES, this.#ones);
    this.#ofTile.fill(0);
    for (let lane = 0, at = 0; lane < tileSize; lane += STRIP_POINTS, at += features) {
      const strip = (tile * tileSize + lane) / STRIP_POINTS;
      this.#setCentroid(strips, strip, { sums: ofStrips, at, points: STRIP_POINTS });
      addTo(this.#ofTile, ofStrips, at);
    }
    this.#setCentroid(tiles, tile, { sums: this.#ofTile, at: 0, points: tileSize });
    addTo(this.#ofGroup, this.#ofTile, 0);
  }

  #setCentroid({ centroids }: Balls, ball: number, { sums, at, points }: SumOfPoints): void {
    const { features } = this.#tiles;
    // Without views of its d numbers, which would take longer than they do: there is a strip for each eight points.
    const own = ball * features;
    for (let j = 0; j < features; j++) centroids[own + j] = sums[at + j] / points;
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
      strips.radii[strip] = radius(fromStrips, lane, lane + STRIP_POINTS);
    }
    tiles.radii[tile] = this.#radiusAbout(place, tiles, tile);
    groups.radii[group] = Math.max(groups.radii[group], this.#radiusAbout(place, groups, group));
  }

  /** How far the points of a tile are from the centroid of a ball. */
  #radiusAbout(place: number, { centroids }: Balls, ball: number): number {
    const { features, tileSize } = this.#tiles;
    const squared = this.#kernel.distances(place, centroids.subarray(ball * features, (ball + 1) * features));
    return radius(squared, 0, tileSize);
  }
}

interface SumOfPoints {
  /** d from `at` on */
  readonly sums: Float64Array;
  readonly at: number;
  readonly points: number;
}

function addTo(total: Float64Array, values: Float64Array, at: number): void {
  for (let j = 0; j < total.length; j++) total[j] += values[at + j];
}

/** in: squared distances, of which [first, end) count */
function radius(squared: Float64Array, first: number, end: number): number {
  let greatest = 0;
  for (let lane = first; lane < end; lane++) if (!(squared[lane] <= greatest)) greatest = squared[lane];
  return Math.sqrt(greatest) * RELATIVE + ABSOLUTE;
}
