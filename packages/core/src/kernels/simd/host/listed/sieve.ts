import { matrixLength, matrixStart } from "../../../../covariance/shape.ts";
import type { DensityLayout } from "../../../../mixture/density.ts";
import { GROUP_TILES, type Nodes } from "../../../../points/nodes.ts";
import { type PairLists, STAND } from "../../../pair-lists.ts";
import { keptBytes, ROW_BYTES, SIDE_BY_SIDE, SIFTED, type SieveLayout, sieveLayout } from "../../forms/sieve.ts";
import type { Numbers } from "../../language/setting.ts";
import type { Instance, Span } from "../instance.ts";
import { ballsAt, copyBalls, type EightBalls, findBalls, placeBalls, setFloors, type TileBalls } from "./balls.ts";

/** Finds the components that may reach a tile without computing their densities (forms/sieve.ts). */
export class Sieve {
  readonly #instance: Instance;
  readonly #density: DensityLayout;
  readonly #layout: SieveLayout;
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
  readonly #answers: Int32Array;
  /** the eights of components [first, end) were asked about the group of this number */
  readonly #eights: Int32Array;
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
    const { memory, view, numbers, integers, shape, form } = instance;
    const { features, components } = shape;
    this.#instance = instance;
    this.#density = density;
    this.#layout = sieveLayout(features, form.matrix);
    this.#margins = view(memory.sifted + SIFTED.margin, SIDE_BY_SIDE);
    this.#numbers = view(memory.sieve, (Math.ceil(components / SIDE_BY_SIDE) * this.#layout.bytes) / 8);
    this.#balls = { tile: ballsAt(memory.tile, instance), strips: ballsAt(memory.strips, instance) };
    this.#group = ballsAt(memory.group, instance);
    this.#group.floors.fill(0);
    this.#between = view(memory.between, features);
    this.#siftedByGroup = view(memory.siftedByGroup, (Math.ceil(components / SIDE_BY_SIDE) * keptBytes(features)) / 8);
    this.#heights = new Float64Array(Math.ceil(components / SIDE_BY_SIDE));
    this.#answers = integers(memory.answers, Math.ceil(components / SIDE_BY_SIDE));
    this.#eights = new Int32Array(this.#answers.length);
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
    const first = Math.floor(from / SIDE_BY_SIDE);
    const eights = this.#screen(first, Math.ceil(end / SIDE_BY_SIDE), known[0] ?? 0);
    for (const eight of eights) {
      const components = this.#componentsAt(eight);
      this.#instance.sieve(components, this.#instance.memory.tile, this.#instance.memory.sifted);
      const lanes = Math.min(SIDE_BY_SIDE, end - eight * SIDE_BY_SIDE);
      for (let lane = Math.max(0, from - eight * SIDE_BY_SIDE); lane < lanes; lane++) {
        const component = this.#order[eight * SIDE_BY_SIDE + lane];
        if (this.#margins[lane] < 0 || this.#known[component] === 1) continue;
        if (!this.#instance.mayReach(span, components, lane)) continue;
        if (found(component)) setFloors(this.#balls, this.#references, span);
      }
    }
    for (const component of known) this.#known[component] = 0;
  }

  #componentsAt(eight: number): number {
    return this.#instance.memory.sieve + eight * this.#layout.bytes;
  }

  /** The eights of [first, end) of which one component may reach the tile, by what the whole group of tiles was asked. */
  #screen(first: number, end: number, near: number): Int32Array {
    const { memory, shape } = this.#instance;
    const eights = this.#eights;
    let count = 0;
    const { nodes } = this.#lists as PairLists;
    if (nodes === null) {
      // Neighbours have numbers near each other, most often, and tell that others are out of reach.
      const start = Math.floor(near / SIDE_BY_SIDE);
      for (let i = 0; i < end - first; i++) eights[count++] = first + ((start + i) % (end - first));
      return eights.subarray(0, count);
    }
    const kept = keptBytes(shape.features);
    this.#askGroup(nodes, first, end);
    const floor = this.#balls.tile.floors[0];
    for (let j = 0; j < shape.features; j++) {
      this.#between[j] = this.#balls.tile.centres[j * SIDE_BY_SIDE] - this.#group.centres[j * SIDE_BY_SIDE];
    }
    for (let from = first; from < end; from++) {
      if (this.#heights[from] < floor) continue;
      let to = from + 1;
      while (to < end && !(this.#heights[to] < floor)) to++;
      this.#instance.screen(this.#componentsAt(from), this.#componentsAt(to), memory.siftedByGroup + from * kept);
      for (let i = 0; i < to - from; i++) if (this.#answers[i] !== 0) eights[count++] = from + i;
      from = to;
    }
    return eights.subarray(0, count);
  }

  /** Asks eights of components about the group of the tile, unless that was done: neighbouring tiles share what is left. */
  #askGroup(nodes: Nodes, first: number, end: number): void {
    const group = Math.floor(this.#tile / GROUP_TILES);
    const asked = this.#asked;
    if (asked.group === group && asked.first <= first && end <= asked.end) return;
    if (asked.group !== group) copyBalls(this.#group, nodes.groups, group, 1);
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
    for (let i = at; i < at + SIDE_BY_SIDE; i++) {
      if (Number.isNaN(margins[i])) return Number.POSITIVE_INFINITY;
      if (margins[i] > greatest) greatest = margins[i];
    }
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
