import { CANDIDATES_AT_ONCE } from "../../kernels/distance-kernel.ts";
import type { KernelCache } from "../../kernels/kernel-cache.ts";
import { FARTHEST } from "../../mixture/density.ts";
import { GROUP_TILES } from "../../points/nodes.ts";
import { type Tiles, tileCount } from "../../points/tiles.ts";
import type { BlockTask, DistancesPass } from "../pass.ts";
import { Doubt, isFar } from "./far-balls.ts";
import { bitOf, TileGroup } from "./tile-group.ts";

/**
 * A pass of k-means++: a new centre, then what each candidate for the next would leave. By the triangle inequality, a
 * centre that is far from the ball around a tile is not the nearest of any of its points. Such a tile is left alone: its
 * sums stay as they are, to the last bit.
 */
export function distances(pass: DistancesPass, tiles: Tiles, kernels: KernelCache): BlockTask {
  const group = new TileGroup(tiles, kernels.distances(pass.program));
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

/** What one restart does with the tiles of a group. */
class RestartTask {
  readonly #pass: DistancesPass;
  readonly #group: TileGroup;
  /** where its places begin, of points and of tiles */
  readonly #firstPoint: number;
  readonly #firstTile: number;
  readonly #slotAt: number;
  readonly #firstPotential: number;
  readonly #centre: Float64Array;
  /** as many at once as a kernel takes, × d */
  readonly #candidates: readonly Float64Array[];
  readonly #doubt = new Doubt();
  /** tiles whose D² is in the kernel */
  #loaded = 0;

  constructor(pass: DistancesPass, index: number, group: TileGroup) {
    const { restarts, candidates, parameters, state } = pass;
    const { features } = group.tiles;
    this.#pass = pass;
    this.#group = group;
    this.#firstPoint = (index * state.squared.length) / restarts;
    this.#firstTile = (index * state.masses.length) / restarts;
    this.#slotAt = index * Math.max(1, candidates);
    this.#firstPotential = (index * state.potentials.length) / restarts;
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
    if (candidates === 0) this.#addMasses(slot);
    else for (let i = 0; i < this.#candidates.length; i++) this.#weigh(i, slot);
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
    const all = this.#all();
    if (nodes === null || this.#doubt.passesOver()) return all;
    let greatest = 0;
    for (let tile = first; tile < end; tile++) greatest = Math.max(greatest, state.greatest[this.#firstTile + tile]);
    let set = 0;
    for (let at = 0; at < centres.length && set !== all; at += tiles.features) {
      const centre = centres.subarray(at, at + tiles.features);
      if (isFar(centre, nodes.groups, Math.floor(first / GROUP_TILES), greatest)) continue;
      for (let tile = first; tile < end; tile++) {
        if ((set & bitOf(tile)) !== 0) continue;
        if (!isFar(centre, nodes.tiles, tile, state.greatest[this.#firstTile + tile])) set |= bitOf(tile);
      }
    }
    this.#doubt.learn(set !== all);
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
   * Keeps what a tile has become. A label changes before the distance that it is told by, and the greatest distance, which
   * says whether the tile may be left alone, goes last: a block may be begun again where a thread died.
   */
  #keep(place: number, masses: Float64Array): void {
    const { state, label } = this.#pass;
    const { squared, labels } = state;
    const { first, tiles, kernel } = this.#group;
    const tile = first - (first % GROUP_TILES) + place;
    const from = this.#firstPoint + tile * tiles.tileSize;
    const found = kernel.squared;
    if (label === 0) squared.fill(Number.POSITIVE_INFINITY, from, from + tiles.tileSize);
    for (let to = from, at = place * tiles.tileSize; to < from + tiles.tileSize; to++, at++) {
      if (found[at] >= squared[to]) continue;
      labels[to] = label;
      squared[to] = found[at];
    }
    state.masses[this.#firstTile + tile] = masses[2 * place];
    state.greatest[this.#firstTile + tile] = masses[2 * place + 1];
  }

  /** Adds what some candidates would leave. in: which of the arrays of candidates */
  #weigh(several: number, slot: Float64Array): void {
    const { state, power } = this.#pass;
    const { first, end, tiles, kernel } = this.#group;
    const centres = this.#candidates[several];
    const set = this.#nearTo(centres);
    let found: Float64Array = centres;
    this.#load(set);
    this.#group.forRuns(set, (places) => {
      found = kernel.potentials(places, centres, power);
    });
    for (let c = 0; c * tiles.features < centres.length; c++) {
      const candidate = several * CANDIDATES_AT_ONCE + c;
      const to = this.#firstPotential + candidate * tileCount(tiles);
      for (let tile = first; tile < end; tile++) {
        const left = (set & bitOf(tile)) === 0;
        const potential = left
          ? state.masses[this.#firstTile + tile]
          : found[(tile % GROUP_TILES) * CANDIDATES_AT_ONCE + c];
        state.potentials[to + tile] = potential;
        slot[this.#slotAt + candidate] += potential;
      }
    }
  }

  #addMasses(slot: Float64Array): void {
    const { masses } = this.#pass.state;
    for (let tile = this.#group.first; tile < this.#group.end; tile++) {
      slot[this.#slotAt] += masses[this.#firstTile + tile];
    }
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
