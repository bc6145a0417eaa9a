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
  const kernel = kernels.distances(program);
  const total = tileCount(tiles);
  const sums = new Sums(tiles, nodes);
  const radii = new Radii(tiles, nodes, kernel);

  return (firstGroup, endGroup) => {
    for (let group = firstGroup; group < endGroup; group++) {
      const [first, end] = [group * GROUP_TILES, Math.min((group + 1) * GROUP_TILES, total)];
      sums.setCentroids(group, first, end);
      nodes.groups.radii[group] = 0;
      for (let tile = first; tile < end; tile++) radii.measure(tile, group);
    }
  };
}

/** out: B, 1 for a point that weighs something, else 0 */
function countPoints({ count, tileSize, pointWeights }: Tiles, tile: number, out: Float64Array): void {
  const first = tile * tileSize;
  for (let lane = 0; lane < tileSize; lane++) {
    const weighs = pointWeights === null || pointWeights[first + lane] > 0;
    out[lane] = Number(weighs && first + lane < count);
  }
}

/** Sums of coordinates, from strips up. */
class Sums {
  readonly #tiles: Tiles;
  readonly #nodes: Nodes;
  readonly #counted: Float64Array;
  /** d sums each, then how many points they are of */
  readonly #strip: Float64Array;
  readonly #tile: Float64Array;
  readonly #group: Float64Array;

  constructor(tiles: Tiles, nodes: Nodes) {
    const length = tiles.features + 1;
    this.#tiles = tiles;
    this.#nodes = nodes;
    this.#counted = new Float64Array(tiles.tileSize);
    this.#strip = new Float64Array(length);
    this.#tile = new Float64Array(length);
    this.#group = new Float64Array(length);
  }

  /** Sets the centroids of a group, of its tiles and of their strips. */
  setCentroids(group: number, first: number, end: number): void {
    this.#group.fill(0);
    for (let tile = first; tile < end; tile++) this.#addTile(tile);
    this.#setCentroid(this.#nodes.groups, group, this.#group, this.#placeOf(first, 0));
  }

  #addTile(tile: number): void {
    const { tileSize } = this.#tiles;
    const { strips, tiles } = this.#nodes;
    countPoints(this.#tiles, tile, this.#counted);
    this.#tile.fill(0);
    for (let lane = 0; lane < tileSize; lane += STRIP_POINTS) {
      const place = this.#placeOf(tile, lane);
      this.#sumStrip(place, lane);
      this.#setCentroid(strips, (tile * tileSize + lane) / STRIP_POINTS, this.#strip, place);
      addTo(this.#tile, this.#strip);
    }
    this.#setCentroid(tiles, tile, this.#tile, this.#placeOf(tile, 0));
    addTo(this.#group, this.#tile);
  }

  /** Sums up the eight points from a lane on. in: where the first coordinate of the first is */
  #sumStrip(place: number, lane: number): void {
    const { data, features, tileSize } = this.#tiles;
    const counted = this.#counted;
    const [a, b, c, d] = [counted[lane], counted[lane + 1], counted[lane + 2], counted[lane + 3]];
    const [e, f, g, h] = [counted[lane + 4], counted[lane + 5], counted[lane + 6], counted[lane + 7]];
    const sums = this.#strip;
    for (let j = 0, at = place; j < features; j++, at += tileSize) {
      const first = a * data[at] + b * data[at + 1] + (c * data[at + 2] + d * data[at + 3]);
      const second = e * data[at + 4] + f * data[at + 5] + (g * data[at + 6] + h * data[at + 7]);
      sums[j] = first + second;
    }
    sums[features] = a + b + c + d + e + f + g + h;
  }

  /** Where the first coordinate of a point is; the next are B apart. */
  #placeOf(tile: number, lane: number): number {
    const { features, tileSize } = this.#tiles;
    return tile * features * tileSize + lane;
  }

  /** in: sums and a count; the place of a point, which is the centroid where none counts */
  #setCentroid({ centroids }: Balls, ball: number, sums: Float64Array, place: number): void {
    const { features, tileSize, data } = this.#tiles;
    const count = sums[features];
    for (let j = 0; j < features; j++) {
      centroids[ball * features + j] = count > 0 ? sums[j] / count : data[place + j * tileSize];
    }
  }
}

function addTo(total: Float64Array, sums: Float64Array): void {
  for (let j = 0; j < sums.length; j++) total[j] += sums[j];
}

/** Largest distances from centroids. */
class Radii {
  readonly #tiles: Tiles;
  readonly #nodes: Nodes;
  readonly #kernel: DistanceKernel;
  readonly #counted: Float64Array;

  constructor(tiles: Tiles, nodes: Nodes, kernel: DistanceKernel) {
    this.#tiles = tiles;
    this.#nodes = nodes;
    this.#kernel = kernel;
    this.#counted = new Float64Array(tiles.tileSize);
  }

  /** Sets the radii of a tile and its strips, and sees to that of the group. */
  measure(tile: number, group: number): void {
    const { features, tileSize } = this.#tiles;
    const { strips, tiles, groups } = this.#nodes;
    const first = (tile * tileSize) / STRIP_POINTS;
    countPoints(this.#tiles, tile, this.#counted);
    this.#kernel.take(this.#tiles, tile);
    const ofStrips = this.#kernel.distances(
      tile % GROUP_TILES,
      strips.centroids.subarray(first * features, (first + tileSize / STRIP_POINTS) * features),
    );
    for (let lane = 0; lane < tileSize; lane += STRIP_POINTS) {
      strips.radii[first + lane / STRIP_POINTS] = this.#radius(ofStrips, lane, lane + STRIP_POINTS);
    }
    tiles.radii[tile] = this.#radiusAbout(tile, tiles, tile);
    groups.radii[group] = Math.max(groups.radii[group], this.#radiusAbout(tile, groups, group));
  }

  /** How far the points of a tile are from the centroid of a ball. */
  #radiusAbout(tile: number, { centroids }: Balls, ball: number): number {
    const { features, tileSize } = this.#tiles;
    const squared = this.#kernel.distances(
      tile % GROUP_TILES,
      centroids.subarray(ball * features, (ball + 1) * features),
    );
    return this.#radius(squared, 0, tileSize);
  }

  /** The radius of the points of some lanes that weigh something; 0 if none does. in: squared distances */
  #radius(squared: Float64Array, first: number, end: number): number {
    const greatest = greatestOf(squared, this.#counted, first, end);
    return greatest < 0 ? 0 : Math.sqrt(greatest) * RELATIVE + ABSOLUTE;
  }
}

/** The greatest value of those that count; −1 if none does. */
function greatestOf(values: Float64Array, counted: Float64Array, first: number, end: number): number {
  let greatest = -1;
  for (let lane = first; lane < end; lane++) {
    if (counted[lane] > 0 && values[lane] > greatest) greatest = values[lane];
  }
  return greatest;
}
