import { CANDIDATES_AT_ONCE, type DistanceKernel } from "../../kernels/distance-kernel.ts";
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
  const group = new Group(tiles, kernels.distances(pass.program));
  const restarts = Array.from({ length: pass.restarts }, (_, index) => new RestartTask(pass, index, group));

  return (first, end, slot) => {
    slot.fill(0);
    for (let tile = first; tile < end; ) {
      const next = Math.min(tile - (tile % GROUP_TILES) + GROUP_TILES, end);
      group.enter(tile, next);
      for (const restart of restarts) restart.visit(slot);
      tile = next;
    }
  };
}

/** Neighbouring tiles, some of which are at their places in a kernel. Sets of tiles are bits, by their places. */
class Group {
  readonly tiles: Tiles;
  readonly kernel: DistanceKernel;
  first = 0;
  end = 0;
  #taken = 0;

  constructor(tiles: Tiles, kernel: DistanceKernel) {
    this.tiles = tiles;
    this.kernel = kernel;
  }

  enter(first: number, end: number): void {
    this.first = first;
    this.end = end;
    this.#taken = 0;
  }

  /** Takes those of a set to the kernel that are not there. */
  take(set: number): void {
    for (let tile = this.first; tile < this.end; tile++) {
      const bit = bitOf(tile);
      if ((set & bit) === 0 || (this.#taken & bit) !== 0) continue;
      this.kernel.take(this.tiles, tile);
      this.#taken |= bit;
    }
  }

  /** Calls for each run of neighbouring places of a set. */
  forRuns(set: number, treat: (places: { readonly first: number; readonly end: number }) => void): void {
    for (let first = 0; first < GROUP_TILES; first++) {
      if ((set & (1 << first)) === 0) continue;
      let end = first + 1;
      while (end < GROUP_TILES && (set & (1 << end)) !== 0) end++;
      treat({ first, end });
      first = end;
    }
  }
}

function bitOf(tile: number): number {
  return 1 << (tile % GROUP_TILES);
}

/** What one restart does with the tiles of a group. */
class RestartTask {
  readonly #pass: DistancesPass;
  readonly #group: Group;
  /** where its places begin, of points and of tiles */
  readonly #firstPoint: number;
  readonly #firstTile: number;
  readonly #slotAt: number;
  readonly #centre: Float64Array;
  /** as many at once as a kernel takes, × d */
  readonly #candidates: readonly Float64Array[];
  /** tiles whose D² is in the kernel */
  #loaded = 0;

  constructor(pass: DistancesPass, index: number, group: Group) {
    const { restarts, candidates, parameters, state } = pass;
    const { features } = group.tiles;
    this.#pass = pass;
    this.#group = group;
    this.#firstPoint = (index * state.squared.length) / restarts;
    this.#firstTile = (index * state.masses.length) / restarts;
    this.#slotAt = index * Math.max(1, candidates);
    const row = index * (1 + candidates);
    const rows = (first: number, end: number) => parameters.slice((row + first) * features, (row + end) * features);
    this.#centre = rows(0, 1);
    this.#candidates = Array.from({ length: Math.ceil(candidates / CANDIDATES_AT_ONCE) }, (_, i) =>
      rows(1 + i * CANDIDATES_AT_ONCE, 1 + Math.min((i + 1) * CANDIDATES_AT_ONCE, candidates)),
    );
  }

  /** out: slot, added to */
  visit(slot: Float64Array): void {
    const { candidates, label } = this.#pass;
    this.#loaded = 0;
    if (label >= 0) this.#approach(label === 0 ? this.#all() : this.#nearTo(this.#centre));
    if (candidates === 0) this.#addMasses(slot, this.#slotAt);
    else
      this.#candidates.forEach((centres, i) => void this.#weigh(centres, slot, this.#slotAt + i * CANDIDATES_AT_ONCE));
  }

  #all(): number {
    let set = 0;
    for (let tile = this.#group.first; tile < this.#group.end; tile++) set |= bitOf(tile);
    return set;
  }

  /** The tiles that some of the centres may be near to. in: centres, some × d */
  #nearTo(centres: Float64Array): number {
    const { nodes, state } = this.#pass;
    const { first, end, tiles } = this.#group;
    if (nodes === null) return this.#all();
    let greatest = 0;
    for (let tile = first; tile < end; tile++) greatest = Math.max(greatest, state.greatest[this.#firstTile + tile]);
    let set = 0;
    for (let at = 0; at < centres.length; at += tiles.features) {
      const centre = centres.subarray(at, at + tiles.features);
      if (isFar(centre, nodes.groups, Math.floor(first / GROUP_TILES), greatest)) continue;
      for (let tile = first; tile < end; tile++) {
        if ((set & bitOf(tile)) !== 0) continue;
        if (!isFar(centre, nodes.tiles, tile, state.greatest[this.#firstTile + tile])) set |= bitOf(tile);
      }
    }
    return set;
  }

  /** The new centre comes to some tiles. */
  #approach(set: number): void {
    if (set === 0) return;
    const { power } = this.#pass;
    const { kernel } = this.#group;
    this.#load(set);
    this.#group.forRuns(set, (places) => {
      kernel.approach(places, this.#centre);
      const masses = kernel.masses(places, power);
      for (let place = places.first; place < places.end; place++) this.#keep(place, masses);
    });
  }

  /**
   * Keeps what a tile has become. Labels change before the distances that they are told by, and the greatest distance,
   * which says whether a tile may be left alone, goes last: a block may be begun again where a thread died.
   */
  #keep(place: number, masses: Float64Array): void {
    const { state, label } = this.#pass;
    const { first, tiles, kernel } = this.#group;
    const tile = first - (first % GROUP_TILES) + place;
    const from = this.#firstPoint + tile * tiles.tileSize;
    const squared = state.squared.subarray(from, from + tiles.tileSize);
    const found = kernel.squared.subarray(place * tiles.tileSize, (place + 1) * tiles.tileSize);
    if (label === 0) state.labels.fill(0, from, from + tiles.tileSize);
    else setLabels(state.labels.subarray(from, from + tiles.tileSize), squared, found, label);
    squared.set(found);
    state.masses[this.#firstTile + tile] = masses[2 * place];
    state.greatest[this.#firstTile + tile] = masses[2 * place + 1];
  }

  /** Adds what some candidates would leave. */
  #weigh(centres: Float64Array, slot: Float64Array, at: number): void {
    const { state, power } = this.#pass;
    const { first, end, tiles, kernel } = this.#group;
    const set = this.#nearTo(centres);
    const count = centres.length / tiles.features;
    if (set === 0) {
      for (let c = 0; c < count; c++) this.#addMasses(slot, at + c);
      return;
    }
    this.#load(set);
    let potentials: Float64Array = centres;
    this.#group.forRuns(set, (places) => {
      potentials = kernel.potentials(places, centres, power);
    });
    for (let tile = first; tile < end; tile++) {
      const place = tile % GROUP_TILES;
      for (let c = 0; c < count; c++) {
        const left = (set & bitOf(tile)) === 0;
        slot[at + c] += left ? state.masses[this.#firstTile + tile] : potentials[place * CANDIDATES_AT_ONCE + c];
      }
    }
  }

  #addMasses(slot: Float64Array, at: number): void {
    const { masses } = this.#pass.state;
    for (let tile = this.#group.first; tile < this.#group.end; tile++) slot[at] += masses[this.#firstTile + tile];
  }

  /** Sees to it that tiles of a set are in the kernel, with D². */
  #load(set: number): void {
    const { state, label } = this.#pass;
    const { tiles, kernel } = this.#group;
    this.#group.take(set);
    for (let tile = this.#group.first; tile < this.#group.end; tile++) {
      const bit = bitOf(tile);
      if ((set & bit) === 0 || (this.#loaded & bit) !== 0) continue;
      const at = (tile % GROUP_TILES) * tiles.tileSize;
      const from = this.#firstPoint + tile * tiles.tileSize;
      if (label === 0) kernel.squared.fill(FARTHEST, at, at + tiles.tileSize);
      else kernel.squared.set(state.squared.subarray(from, from + tiles.tileSize), at);
    }
    this.#loaded |= set;
  }
}

/** The label of every point that is nearer than it was. */
function setLabels(labels: Int32Array, before: Float64Array, after: Float64Array, label: number): void {
  for (let lane = 0; lane < labels.length; lane++) if (after[lane] < before[lane]) labels[lane] = label;
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
