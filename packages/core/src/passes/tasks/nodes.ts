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

  constructor(tiles: Tiles, nodes: Nodes, kernel: DistanceKernel) {
    this.#tiles = tiles;
    this.#nodes = nodes;
    this.#kernel = kernel;
  }

  setCentroids(group: number, first: number, end: number): void {
    const { features, tileSize } = this.#tiles;
    const { strips, tiles, groups } = this.#nodes;
    const own = groups.centroids.subarray(group * features, (group + 1) * features).fill(0);
    for (let tile = first; tile < end; tile++) {
      this.#kernel.take(this.#tiles, tile);
      const means = this.#kernel.means(tile % GROUP_TILES);
      strips.centroids.set(means.strips, ((tile * tileSize) / STRIP_POINTS) * features);
      tiles.centroids.set(means.tile, tile * features);
      for (let j = 0; j < features; j++) own[j] += means.tile[j];
    }
    for (let j = 0; j < features; j++) own[j] /= end - first;
  }

  /** Sets the radii of a tile and its strips, and sees to that of the group. */
  measure(tile: number, group: number): void {
    const { features, tileSize } = this.#tiles;
    const { strips, tiles, groups } = this.#nodes;
    const place = tile % GROUP_TILES;
    const inTile = tileSize / STRIP_POINTS;
    const [first, end] = [tile * inTile, (tile + 1) * inTile];
    const squares = this.#kernel.farthest(place, strips.centroids.subarray(first * features, end * features));
    for (let strip = 0; strip < inTile; strip++) strips.radii[first + strip] = radius(squares[strip]);
    tiles.radii[tile] = this.#radiusAbout(place, tiles, tile);
    groups.radii[group] = Math.max(groups.radii[group], this.#radiusAbout(place, groups, group));
  }

  /** How far the points of a tile are from the centroid of a ball. */
  #radiusAbout(place: number, { centroids }: Balls, ball: number): number {
    const { features } = this.#tiles;
    const squares = this.#kernel.farthest(place, centroids.subarray(ball * features, (ball + 1) * features));
    let most = 0;
    for (let strip = 0; strip < squares.length; strip++) most = Math.max(most, squares[strip]);
    return radius(most);
  }
}

function radius(squared: number): number {
  return Math.sqrt(squared) * RELATIVE + ABSOLUTE;
}
