import { matrixLength, matrixStart } from "../../../../covariance/shape.ts";
import type { DensityLayout } from "../../../../mixture/density.ts";
import { GROUP_TILES } from "../../../../points/nodes.ts";
import { type PairLists, STAND } from "../../../pair-lists.ts";
import { keptBytes, ROW_BYTES, SIDE_BY_SIDE, SIFTED, type SieveLayout, sieveLayout } from "../../forms/sieve.ts";
import type { Numbers } from "../../language/setting.ts";
import type { Instance, Span } from "../instance.ts";
import {
  ballsAt,
  copyBall,
  copyBalls,
  type EightBalls,
  findBalls,
  placeBalls,
  setFloors,
  type TileBalls,
} from "./balls.ts";

/** Finds the components that may reach a tile without computing their densities (forms/sieve.ts). */
export class Sieve {
  readonly #instance: Instance;
  readonly #density: DensityLayout;
  readonly #layout: SieveLayout;
  /** of the eights that were screened last */
  readonly #margins: Float64Array;
  /** k components in eights */
  readonly #numbers: Float64Array;
  readonly #balls: TileBalls;
  /** a group of tiles, first of eight balls, and the way from its centre to a tile */
  readonly #group: EightBalls;
  readonly #between: Float64Array;
  readonly #siftedByGroup: Float64Array;
  /** of each eight of components: none reaches a tile of the group whose references are higher */
  readonly #heights: Float64Array;
  /** of components in the sieve: those that may reach the tile */
  readonly #places: Int32Array;
  /** the eights of components [first, end) were asked about the group of this number */
  #asked = { group: -1, first: 0, end: 0 };
  #tile = 0;
  /** of a group */
  readonly #points: Numbers;
  readonly #references: Float64Array;
  /** k: 1 for a component that is not asked about; 0 between calls */
  readonly #known: Uint8Array;
  /** the components as they stand in the sieve: first the movers */
  readonly #order: Int32Array;
  /** so many of them are written */
  #written = 0;
  #parameters: Float64Array | null = null;
  #lists: PairLists | null = null;

  constructor(instance: Instance, density: DensityLayout) {
    const { memory, view, numbers, shape, form } = instance;
    const { features, components } = shape;
    this.#instance = instance;
    this.#density = density;
    this.#layout = sieveLayout(features, form.matrix);
    this.#margins = view(memory.margins, Math.ceil(components / SIDE_BY_SIDE) * SIDE_BY_SIDE);
    this.#numbers = view(memory.sieve, (Math.ceil(components / SIDE_BY_SIDE) * this.#layout.bytes) / 8);
    this.#balls = { tile: ballsAt(memory.tile, instance), strips: ballsAt(memory.strips, instance) };
    this.#group = ballsAt(memory.group, instance);
    this.#group.floors.fill(0);
    this.#between = view(memory.between, features);
    this.#siftedByGroup = view(memory.siftedByGroup, (Math.ceil(components / SIDE_BY_SIDE) * keptBytes(features)) / 8);
    this.#heights = new Float64Array(Math.ceil(components / SIDE_BY_SIDE));
    this.#places = new Int32Array(this.#margins.length);
    this.#points = numbers(memory.points, memory.groupPoints * features);
    this.#references = view(memory.references, memory.groupPoints);
    this.#known = new Uint8Array(components);
    this.#order = new Int32Array(components);
  }

  /** in: parameters, of the mixture, from now on */
  load(parameters: Float64Array): void {
    this.#parameters = parameters;
    this.#lists = null;
  }

  /** Before components are asked about a tile. */
  openTile(span: Span, tile: number, lists: PairLists): void {
    if (this.#lists !== lists) this.#open(lists);
    this.#tile = tile;
    if (lists.nodes === null) findBalls(this.#balls, this.#points, span);
    else placeBalls(this.#balls, lists.nodes, tile);
  }

  /**
   * Asks the movers, or the others, which of them may come within the skin of a point's reference, as references are now.
   * in: known, components that are not asked; found: takes each, and says whether references rose
   */
  sift(span: Span, movers: boolean, known: Int32Array, found: (component: number) => boolean): void {
    const split = (this.#lists as PairLists).movers.length;
    const [from, end] = movers ? [0, split] : [split, this.#order.length];
    if (from === end) return;
    this.#write(end);
    for (const component of known) this.#known[component] = 1;
    setFloors(this.#balls, this.#references, span);
    const places = this.#screen(Math.floor(from / SIDE_BY_SIDE), Math.ceil(end / SIDE_BY_SIDE));
    // Neighbours have numbers near each other, most often, and tell that others are out of reach.
    const nearest = Math.max(0, movers ? 0 : places.findIndex((place) => this.#order[place] >= known[0]));
    for (let i = 0; i < places.length; i++) {
      const place = places[(nearest + i) % places.length];
      const component = this.#order[place];
      if (place < from || place >= end || this.#known[component] === 1 || !this.#mayReach(span, place)) continue;
      if (found(component)) setFloors(this.#balls, this.#references, span);
    }
    for (const component of known) this.#known[component] = 0;
  }

  #mayReach(span: Span, place: number): boolean {
    const lane = place % SIDE_BY_SIDE;
    const eight = (place - lane) / SIDE_BY_SIDE;
    const sifted = this.#instance.memory.siftedByGroup + eight * keptBytes(this.#instance.shape.features);
    return this.#instance.mayReach(span, this.#componentsAt(eight) + lane * 8, sifted + lane * 8);
  }

  #componentsAt(eight: number): number {
    return this.#instance.memory.sieve + eight * this.#layout.bytes;
  }

  /** The places of components in the eights [first, end) that may reach the tile, by what its whole group was asked. */
  #screen(first: number, end: number): Int32Array {
    const { memory, shape } = this.#instance;
    const kept = keptBytes(shape.features);
    this.#askGroup(first, end);
    const floor = this.#balls.tile.floors[0];
    for (let j = 0; j < shape.features; j++) {
      this.#between[j] = this.#balls.tile.centres[j * SIDE_BY_SIDE] - this.#group.centres[j * SIDE_BY_SIDE];
    }
    let count = 0;
    for (let from = first; from < end; from++) {
      let to = from;
      while (to < end && !(this.#heights[to] < floor)) to++;
      if (to === from) continue;
      this.#instance.screen(this.#componentsAt(from), this.#componentsAt(to), memory.siftedByGroup + from * kept);
      for (let i = 0; i < (to - from) * SIDE_BY_SIDE; i++) {
        if (!(this.#margins[i] < 0)) this.#places[count++] = from * SIDE_BY_SIDE + i;
      }
      from = to;
    }
    return this.#places.subarray(0, count);
  }

  /** Asks eights of components about the group of the tile, unless that was done: neighbouring tiles share what is left. */
  #askGroup(first: number, end: number): void {
    const { nodes } = this.#lists as PairLists;
    const group = nodes === null ? this.#tile : Math.floor(this.#tile / GROUP_TILES);
    const asked = this.#asked;
    if (nodes !== null && asked.group === group && asked.first <= first && end <= asked.end) return;
    if (nodes === null) copyBall(this.#group, this.#balls.tile);
    else if (asked.group !== group) copyBalls(this.#group, nodes.groups, group, 1);
    const { memory, shape } = this.#instance;
    const kept = keptBytes(shape.features);
    // From the first to the last, for each is worked out in the place of the next ones.
    for (let eight = first; eight < end; eight++) {
      this.#instance.sieve(this.#componentsAt(eight), memory.group, memory.siftedByGroup + eight * kept);
      this.#heights[eight] = this.#greatestMargin((eight * kept + SIFTED.margin) / 8);
    }
    const goesOn = asked.group === group && asked.end >= first;
    this.#asked = { group, first: goesOn ? Math.min(first, asked.first) : first, end };
  }

  #greatestMargin(at: number): number {
    const margins = this.#siftedByGroup;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let i = at; i < at + SIDE_BY_SIDE; i++) if (margins[i] > greatest) greatest = margins[i];
    return greatest;
  }

  /** Puts the movers first. */
  #open(lists: PairLists): void {
    this.#lists = lists;
    const { movers } = lists;
    const order = this.#order;
    order.set(movers);
    for (let component = 0, mover = 0, i = movers.length; component < order.length; component++) {
      if (movers[mover] === component) mover++;
      else order[i++] = component;
    }
    this.#written = 0;
    this.#asked = { group: -1, first: 0, end: 0 };
  }

  /** Writes the first components of the order, as far as that is not done. */
  #write(end: number): void {
    for (; this.#written < end; this.#written++) this.#writeOne(this.#written, this.#order[this.#written]);
  }

  #writeOne(place: number, component: number): void {
    const [parameters, { stands }] = [this.#parameters as Float64Array, this.#lists as PairLists];
    const { features, covarianceType, pivots, biases, factors } = this.#density;
    const [layout, out] = [this.#layout, this.#numbers];
    const lane = place % SIDE_BY_SIDE;
    const to = ((place - lane) / SIDE_BY_SIDE) * (layout.bytes / 8) + lane;
    for (const field of [STAND.reach, STAND.keep, STAND.absolute, STAND.spread]) {
      out[to + layout.reach / 8 + field * SIDE_BY_SIDE] = stands[component * STAND.length + field];
    }
    const row = component * features;
    for (let j = 0, at = to; j < features; j++, at += SIDE_BY_SIDE) {
      out[layout.pivot / 8 + at] = parameters[pivots + row + j];
      out[layout.biases / 8 + at] = -parameters[biases + row + j];
    }
    const factor = factors + matrixStart(covarianceType, component, features);
    const length = matrixLength(this.#instance.form.matrix, features);
    const numbers = (layout.bytes - layout.factor) / ROW_BYTES;
    for (let i = 0, at = to + layout.factor / 8; i < numbers; i++, at += SIDE_BY_SIDE) {
      out[at] = parameters[factor + (i % length)];
    }
  }
}
