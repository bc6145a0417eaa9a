import { matrixLength, matrixStart } from "../../../../covariance/shape.ts";
import type { DensityLayout } from "../../../../mixture/density.ts";
import { GROUP_TILES } from "../../../../points/nodes.ts";
import { type PairLists, STAND } from "../../../pair-lists.ts";
import { ASKED_AT_ONCE } from "../../forms/memory.ts";
import { ROW_BYTES, SIDE_BY_SIDE, SIFTED, type SieveLayout, sieveLayout, siftedBytes } from "../../forms/sieve.ts";
import { ASKED } from "../../language/lists.ts";
import type { Instance, Span } from "../instance.ts";
import { type Ball, ballAt, copyBall, findBall, placeBall } from "./balls.ts";
import { TileView } from "./tile-view.ts";

/** Finds the components that may reach a tile without computing their densities (forms/sieve.ts). */
export class Sieve {
  readonly #instance: Instance;
  readonly #density: DensityLayout;
  readonly #layout: SieveLayout;
  readonly #view: TileView;
  /** of the eights that were asked last */
  readonly #margins: Float64Array;
  /** k components in eights */
  readonly #numbers: Float64Array;
  readonly #tileBall: Ball;
  readonly #group: Ball;
  /** the way from the centre of the group to that of the tile */
  readonly #between: Float64Array;
  readonly #sifted: Float64Array;
  /** of eight components */
  readonly #siftedBytes: number;
  /** of each eight of components: none reaches a tile of the group whose references are higher */
  readonly #heights: Float64Array;
  /** of each eight: 1 once it was sifted for the group */
  readonly #isSifted: Uint8Array;
  /** of components in the sieve: those that may reach the tile */
  readonly #places: Int32Array;
  readonly #asked: Int32Array;
  readonly #askedPlaces = new Int32Array(ASKED_AT_ONCE);
  readonly #marks: Int32Array;
  /** the eights of components [first, end) have heights for the group of this number */
  #heard = { group: -1, first: 0, end: 0 };
  #tile = 0;
  /** k: 1 for a component that is not asked about; 0 between calls */
  readonly #known: Uint8Array;
  /** the components as they stand in the sieve: first the movers */
  readonly #order: Int32Array;
  /** so many of them are written */
  #written = 0;
  #parameters: Float64Array | null = null;
  #lists: PairLists | null = null;

  constructor(instance: Instance, density: DensityLayout) {
    const { memory, view, integers, shape, form } = instance;
    const { features, components } = shape;
    const eights = Math.ceil(components / SIDE_BY_SIDE);
    this.#instance = instance;
    this.#density = density;
    this.#layout = sieveLayout(features, form.matrix);
    this.#view = new TileView(instance);
    this.#margins = view(memory.margins, eights * SIDE_BY_SIDE);
    this.#numbers = view(memory.sieve, (eights * this.#layout.bytes) / 8);
    this.#tileBall = ballAt(memory.tile, instance);
    this.#group = ballAt(memory.group, instance);
    this.#between = view(memory.between, features);
    this.#siftedBytes = siftedBytes(features);
    this.#sifted = view(memory.sifted, (eights * this.#siftedBytes) / 8);
    this.#heights = new Float64Array(eights);
    this.#isSifted = new Uint8Array(eights);
    this.#places = new Int32Array(this.#margins.length);
    this.#asked = integers(memory.asked, (ASKED_AT_ONCE * ASKED.bytes) / 4);
    this.#marks = integers(memory.marks, Math.min(ASKED_AT_ONCE, components));
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
    if (lists.nodes === null) findBall(this.#tileBall, this.#view.points, span);
    else placeBall(this.#tileBall, lists.nodes.tiles, tile);
    this.#view.open(span);
  }

  /**
   * Asks the movers, or the others, which of them may come within the skin of a point's reference, as references are now.
   * in: known, components that are not asked; found: takes each, and says whether references rose
   */
  sift(movers: boolean, known: Int32Array, found: (component: number) => boolean): void {
    const split = (this.#lists as PairLists).movers.length;
    const [from, end] = movers ? [0, split] : [split, this.#order.length];
    if (from === end) return;
    this.#write(end);
    const places = this.#screen(Math.floor(from / SIDE_BY_SIDE), Math.ceil(end / SIDE_BY_SIDE));
    if (places.length === 0) return;
    for (const component of known) this.#known[component] = 1;
    this.#view.renew();
    // Neighbours have numbers near each other, most often, and tell that others are out of reach.
    const nearest = Math.max(0, movers ? 0 : places.findIndex((place) => this.#order[place] >= known[0]));
    let count = 0;
    for (let i = 0; i < places.length; i++) {
      const place = places[(nearest + i) % places.length];
      if (place < from || place >= end || this.#known[this.#order[place]] === 1) continue;
      this.#ask(count++, place);
      if (count === ASKED_AT_ONCE) count = this.#project(count, found);
    }
    this.#project(count, found);
    for (const component of known) this.#known[component] = 0;
  }

  #ask(index: number, place: number): void {
    const lane = place % SIDE_BY_SIDE;
    const eight = (place - lane) / SIDE_BY_SIDE;
    const entry = index * (ASKED.bytes / 4);
    this.#askedPlaces[index] = place;
    this.#asked[entry + ASKED.component / 4] = this.#componentsAt(eight) + lane * 8;
    this.#asked[entry + ASKED.sifted / 4] = this.#siftedAt(eight) + lane * 8;
  }

  /** Treats those of the components asked that may reach a point of the tile. out: 0 */
  #project(count: number, found: (component: number) => boolean): number {
    if (count > 0) this.#instance.project(count);
    let rose = false;
    for (let i = 0; i < count; i++) {
      if (this.#marks[i] !== 0) rose = found(this.#order[this.#askedPlaces[i]]) || rose;
    }
    if (rose) this.#view.renew();
    return 0;
  }

  #componentsAt(eight: number): number {
    return this.#numbers.byteOffset + eight * this.#layout.bytes;
  }

  #siftedAt(eight: number): number {
    return this.#sifted.byteOffset + eight * this.#siftedBytes;
  }

  /** The places of components in the eights [first, end) that may reach the tile, by what its whole group was asked. */
  #screen(first: number, end: number): Int32Array {
    this.#hear(first, end);
    const floor = this.#view.floor;
    this.#tileBall.floor[0] = floor;
    for (let j = 0; j < this.#between.length; j++) this.#between[j] = this.#tileBall.centre[j] - this.#group.centre[j];
    let count = 0;
    for (let from = first; from < end; from++) {
      let to = from;
      while (to < end && this.#isNear(to, floor)) to++;
      if (to === from) continue;
      this.#instance.screen(this.#componentsAt(from), this.#componentsAt(to), this.#siftedAt(from));
      for (let i = 0; i < (to - from) * SIDE_BY_SIDE; i++) {
        if (!(this.#margins[i] < 0)) this.#places[count++] = from * SIDE_BY_SIDE + i;
      }
      from = to;
    }
    return this.#places.subarray(0, count);
  }

  /** May one of an eight reach a point of the group with this reference? Then it is sifted, unless that was done. */
  #isNear(eight: number, floor: number): boolean {
    if (this.#heights[eight] < floor) return false;
    if (this.#isSifted[eight] === 1) return true;
    this.#isSifted[eight] = 1;
    this.#instance.sieve(this.#componentsAt(eight), this.#siftedAt(eight));
    this.#heights[eight] = greatest(this.#sifted, (eight * this.#siftedBytes + SIFTED.margin) / 8);
    return !(this.#heights[eight] < floor);
  }

  /** Finds how high eights of components reach the group of the tile, unless that is known: neighbouring tiles share it. */
  #hear(first: number, end: number): void {
    const { nodes } = this.#lists as PairLists;
    const group = nodes === null ? this.#tile : Math.floor(this.#tile / GROUP_TILES);
    const heard = this.#heard;
    if (nodes !== null && heard.group === group && heard.first <= first && end <= heard.end) return;
    if (nodes === null) copyBall(this.#group, this.#tileBall);
    else if (heard.group !== group) placeBall(this.#group, nodes.groups, group);
    this.#instance.approach(this.#componentsAt(first), this.#componentsAt(end));
    for (let eight = first; eight < end; eight++) {
      this.#heights[eight] = greatest(this.#margins, (eight - first) * SIDE_BY_SIDE);
    }
    this.#isSifted.fill(0, first, end);
    const goesOn = heard.group === group && heard.end >= first;
    this.#heard = { group, first: goesOn ? Math.min(first, heard.first) : first, end };
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
    this.#heard = { group: -1, first: 0, end: 0 };
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
    for (let field = 0; field < STAND.length; field++) {
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

/** The greatest of eight numbers. */
function greatest(values: Float64Array, from: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = from; i < from + SIDE_BY_SIDE; i++) if (values[i] > most) most = values[i];
  return most;
}
