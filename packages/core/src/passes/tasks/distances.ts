import type { DistanceKernel, NearestCentres } from "../../kernels/distance-kernel.ts";
import type { KernelCache } from "../../kernels/kernel-cache.ts";
import { FARTHEST } from "../../mixture/density.ts";
import { type Balls, GROUP_TILES } from "../../points/nodes.ts";
import type { Tiles } from "../../points/tiles.ts";
import type { BlockTask, DistancesPass } from "../pass.ts";

/** Covers the rounding of computed distances, of points and of centroids. */
const MARGIN = 1 - 1e-9;
/** Squares of less might underflow. */
const LEAST_DISTANCE = 2 ** -450;

/**
 * A pass of k-means++: a new centre, then what each candidate for the next would leave. By the triangle inequality, a
 * centre that is far from the ball around a tile is not the nearest of any of its points. Such a tile is left alone: its
 * sums stay as they are, to the last bit.
 */
export function distances(pass: DistancesPass, tiles: Tiles, kernels: KernelCache): BlockTask {
  const opened = { kernel: kernels.distances(pass.program), tile: -1 };
  const restarts = Array.from({ length: pass.restarts }, (_, index) => new RestartTask(pass, index, tiles, opened));

  return (first, end, slot) => {
    slot.fill(0);
    opened.tile = -1;
    for (let tile = first; tile < end; tile++) {
      for (const restart of restarts) {
        if (tile === first || tile % GROUP_TILES === 0) restart.enter(tile, end);
        restart.visit(tile, slot);
      }
    }
  };
}

/** The kernel of all restarts, and the tile that it has open. */
interface Opened {
  readonly kernel: DistanceKernel;
  tile: number;
}

/** What one restart does with tiles. */
class RestartTask {
  readonly #pass: DistancesPass;
  readonly #tiles: Tiles;
  readonly #opened: Opened;
  /** where its places begin, of points and of tiles */
  readonly #firstPoint: number;
  readonly #firstTile: number;
  readonly #slotAt: number;
  /** the new centre, then the candidates */
  readonly #centres: readonly Float64Array[];
  /** for each of them, whether all tiles of the group are left alone */
  readonly #leaveGroup: boolean[];
  readonly #mass = new Float64Array(2);

  constructor(pass: DistancesPass, index: number, tiles: Tiles, opened: Opened) {
    const { restarts, candidates, parameters, state } = pass;
    const { features } = tiles;
    this.#pass = pass;
    this.#tiles = tiles;
    this.#opened = opened;
    this.#firstPoint = (index * state.squared.length) / restarts;
    this.#firstTile = (index * state.masses.length) / restarts;
    this.#slotAt = index * Math.max(1, candidates);
    this.#centres = Array.from({ length: 1 + candidates }, (_, c) => {
      const start = (index * (1 + candidates) + c) * features;
      return parameters.slice(start, start + features);
    });
    this.#leaveGroup = new Array<boolean>(1 + candidates).fill(false);
  }

  /** Enters the group of a tile. in: end, of the block: what lies beyond is another thread's */
  enter(tile: number, end: number): void {
    const { nodes, state, label } = this.#pass;
    if (nodes === null || label === 0) return;
    const group = Math.floor(tile / GROUP_TILES);
    let greatest = 0;
    for (let t = tile; t < Math.min((group + 1) * GROUP_TILES, end); t++) {
      greatest = Math.max(greatest, state.greatest[this.#firstTile + t]);
    }
    for (const [c, centre] of this.#centres.entries()) {
      this.#leaveGroup[c] = isFar(centre, nodes.groups, group, greatest);
    }
  }

  /** Treats a tile. out: slot, added to */
  visit(tile: number, slot: Float64Array): void {
    const { candidates, label } = this.#pass;
    if (label >= 0 && !this.#leaves(0, tile)) this.#approach(tile);
    if (candidates === 0) slot[this.#slotAt] += this.#pass.state.masses[this.#firstTile + tile];
    else this.#weigh(tile, slot);
  }

  #leaves(centre: number, tile: number): boolean {
    const { nodes, state, label } = this.#pass;
    if (this.#leaveGroup[centre]) return true;
    if (nodes === null || label === 0) return false;
    return isFar(this.#centres[centre], nodes.tiles, tile, state.greatest[this.#firstTile + tile]);
  }

  /** The new centre comes. The greatest distance goes last, for it says whether the tile may be left alone. */
  #approach(tile: number): void {
    const { state, label, power } = this.#pass;
    const nearest = this.#nearest(tile);
    if (label === 0) {
      nearest.squared.fill(FARTHEST);
      nearest.labels.fill(0);
    }
    const kernel = this.#open(tile);
    kernel.approach(this.#centres[0], label, nearest);
    kernel.mass(nearest.squared, power, this.#mass);
    state.masses[this.#firstTile + tile] = this.#mass[0];
    state.greatest[this.#firstTile + tile] = this.#mass[1];
  }

  #weigh(tile: number, slot: Float64Array): void {
    const { state, candidates, power } = this.#pass;
    const near: number[] = [];
    for (let c = 0; c < candidates; c++) {
      if (this.#leaves(1 + c, tile)) slot[this.#slotAt + c] += state.masses[this.#firstTile + tile];
      else near.push(c);
    }
    if (near.length === 0) return;
    const { features } = this.#tiles;
    const centres = new Float64Array(near.length * features);
    for (const [i, c] of near.entries()) centres.set(this.#centres[1 + c], i * features);
    const potentials = new Float64Array(near.length);
    this.#open(tile).potentials(this.#nearest(tile).squared, centres, power, potentials);
    for (const [i, c] of near.entries()) slot[this.#slotAt + c] += potentials[i];
  }

  #open(tile: number): DistanceKernel {
    const { kernel, tile: open } = this.#opened;
    if (open !== tile) kernel.open(this.#tiles, tile);
    this.#opened.tile = tile;
    return kernel;
  }

  #nearest(tile: number): NearestCentres {
    const { squared, labels } = this.#pass.state;
    const from = this.#firstPoint + tile * this.#tiles.tileSize;
    const end = from + this.#tiles.tileSize;
    return { squared: squared.subarray(from, end), labels: labels.subarray(from, end) };
  }
}

/** Whether no point of a ball is nearer to the centre than `greatest` says. in: greatest, D² */
function isFar(centre: Float64Array, { centroids, radii }: Balls, ball: number, greatest: number): boolean {
  if (greatest === 0) return true;
  let squares = 0;
  for (let j = 0, at = ball * centre.length; j < centre.length; j++, at++) {
    const z = centre[j] - centroids[at];
    squares += z * z;
  }
  const least = Math.sqrt(squares) * MARGIN - radii[ball];
  return least > LEAST_DISTANCE && least * least * MARGIN >= greatest;
}
