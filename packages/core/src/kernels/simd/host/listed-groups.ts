import { ASLEEP, FARTHEST_REFERENCE, NAP, type PairLists, TILE_SKIN, UNBUILT } from "../../pair-lists.ts";
import { LISTED } from "../language/lists.ts";
import type { Group, Instance, List, Span } from "./instance.ts";
import type { Summing } from "./summing.ts";

/** Some components, rising. */
interface Components {
  readonly numbers: Int32Array;
  count: number;
}

const FIELDS = LISTED.bytes / 4;

/** A tile that must compute more than this share of its pairs computes all, and lists them anew. */
const MOST_LISTED = 7 / 8;

/** E and M of groups by the lists of their tiles, which are kept on the way (kernels/pair-lists.ts). */
export class ListedGroups {
  readonly #instance: Instance;
  readonly #summing: Summing;
  readonly #allEntries: Int32Array;
  readonly #someEntries: Int32Array;
  readonly #moverEntries: Int32Array;
  readonly #marks: Int32Array;
  readonly #references: Float64Array;
  readonly #bounds: Float64Array;
  readonly #every: Components;
  readonly #listed: Components;
  readonly #kept: Components;
  readonly #union: Components;
  readonly #masks: Uint32Array;

  constructor(instance: Instance, summing: Summing) {
    const { memory, shape, vectorBytes, view, integers } = instance;
    const { components } = shape;
    const entries = (start: number) => integers(start, components * FIELDS);
    const room = (): Components => ({ numbers: new Int32Array(components), count: 0 });
    this.#instance = instance;
    this.#summing = summing;
    this.#allEntries = entries(memory.all);
    this.#someEntries = entries(memory.some);
    this.#moverEntries = entries(memory.movers);
    this.#marks = integers(memory.marks, components);
    this.#references = view(memory.references, memory.groupPoints);
    this.#bounds = view(memory.bounds, vectorBytes / 4);
    this.#every = { numbers: Int32Array.from({ length: components }, (_, c) => c), count: components };
    this.#listed = room();
    this.#kept = room();
    this.#union = room();
    this.#masks = new Uint32Array(components);
  }

  /** Is this a group whose tiles all sleep? Then it needs no lists. */
  sleeps({ firstPoint, points }: Group, { counts, step }: PairLists): boolean {
    const { memory, shape } = this.#instance;
    if ((firstPoint / memory.groupPoints + step) % NAP === 0) return false;
    const first = firstPoint / shape.tileSize;
    for (let tile = first; tile < first + points / shape.tileSize; tile++) if (counts[tile] !== ASLEEP) return false;
    return true;
  }

  /** Adds a group to the totals. */
  add({ firstPoint, points }: Group, lists: PairLists): void {
    const { tileSize } = this.#instance.shape;
    const movers = this.#write(this.#moverEntries, { numbers: lists.movers, count: lists.movers.length });
    const tiles = points / tileSize;
    for (let t = 0; t < tiles; t++) {
      const span = { from: t * tileSize, points: tileSize };
      this.#tile(firstPoint / tileSize + t, span, { lists, movers });
      this.#mark(this.#kept, 1 << t);
    }
    const union = this.#takeUnion(tiles);
    this.#instance.moments(this.#summing.some(union.numbers.subarray(0, union.count), tiles, this.#masks));
    for (let i = 0; i < union.count; i++) this.#masks[union.numbers[i]] = 0;
  }

  /** E of a tile. kept ← the components that it may need, the list of the tile */
  #tile(tile: number, span: Span, { lists, movers }: { readonly lists: PairLists; readonly movers: List }): void {
    const instance = this.#instance;
    const built = this.#openList(tile, lists);
    // A thread that dies on the way leaves the tile without a list.
    Atomics.store(lists.counts, tile, UNBUILT);
    const [first, end] = [tile * span.points, (tile + 1) * span.points];
    const references = this.#references.subarray(span.from, span.from + span.points);
    if (built) references.set(lists.references.subarray(first, end));
    else references.fill(FARTHEST_REFERENCE);
    const working = built ? this.#write(this.#someEntries, this.#listed) : instance.all;
    instance.densities(span, working);
    instance.raiseReferences(span, working);
    const whole = !(built && this.#largestDrop() <= TILE_SKIN);
    if (built && whole) this.#completeTile(span, references);
    if (whole) {
      instance.survey(span, instance.all);
      this.#keepMarked();
    } else if (lists.movers.length > 0) {
      instance.survey(span, movers);
      this.#keepListed(lists.movers);
    } else {
      this.#keepAll(this.#listed);
    }
    instance.softMax(span, this.#write(this.#someEntries, this.#kept));
    lists.references.set(references, first);
    lists.floors[tile] = this.#leastReference();
    this.#closeList(tile, lists);
  }

  /** listed ← the list of a tile and the movers. out: false: the tile has no list, or one that is no use */
  #openList(tile: number, { counts, components, capacity, floors, leastFloor, movers }: PairLists): boolean {
    const count = counts[tile];
    if (count < 0 || !(floors[tile] >= leastFloor)) return false;
    const { numbers } = this.#listed;
    let written = 0;
    let mover = 0;
    const start = tile * capacity;
    for (let i = start; i < start + count; i++) {
      const component = components[i];
      while (mover < movers.length && movers[mover] < component) numbers[written++] = movers[mover++];
      if (mover < movers.length && movers[mover] === component) mover++;
      numbers[written++] = component;
    }
    while (mover < movers.length) numbers[written++] = movers[mover++];
    this.#listed.count = written;
    return written <= MOST_LISTED * this.#every.count;
  }

  #closeList(tile: number, { counts, components, capacity }: PairLists): void {
    const { numbers, count } = this.#kept;
    const fits = count <= capacity;
    if (fits) for (let i = 0; i < count; i++) components[tile * capacity + i] = numbers[i];
    Atomics.store(counts, tile, fits ? count : ASLEEP);
  }

  /** Computes what a list left out, for it proved to be out of date. */
  #completeTile(span: Span, references: Float64Array): void {
    const { numbers, count } = this.#listed;
    const rest = this.#kept;
    rest.count = 0;
    for (let component = 0, i = 0; component < this.#every.count; component++) {
      if (i < count && numbers[i] === component) i++;
      else rest.numbers[rest.count++] = component;
    }
    if (rest.count > 0) this.#instance.densities(span, this.#write(this.#someEntries, rest));
    references.fill(FARTHEST_REFERENCE);
    this.#instance.raiseReferences(span, this.#instance.all);
  }

  #keepAll({ numbers, count }: Components): void {
    const kept = this.#kept;
    for (let i = 0; i < count; i++) kept.numbers[i] = numbers[i];
    kept.count = count;
  }

  /** After a survey of all components. */
  #keepMarked(): void {
    const kept = this.#kept;
    kept.count = 0;
    for (let component = 0; component < this.#every.count; component++) {
      if (this.#marks[component] !== 0) kept.numbers[kept.count++] = component;
    }
  }

  /** After a survey of the movers: those that are marked, and all others that were listed. */
  #keepListed(movers: Int32Array): void {
    const kept = this.#kept;
    const { numbers, count } = this.#listed;
    kept.count = 0;
    for (let i = 0, mover = 0; i < count; i++) {
      const moved = movers[mover] === numbers[i];
      if (!moved || this.#marks[mover] !== 0) kept.numbers[kept.count++] = numbers[i];
      if (moved) mover++;
    }
  }

  #mark({ numbers, count }: Components, bit: number): void {
    for (let i = 0; i < count; i++) this.#masks[numbers[i]] |= bit;
  }

  /** The components of all tiles of the group, rising. */
  #takeUnion(tiles: number): Components {
    if (tiles === 1) return this.#kept;
    const union = this.#union;
    union.count = 0;
    for (let component = 0; component < this.#masks.length; component++) {
      if (this.#masks[component] !== 0) union.numbers[union.count++] = component;
    }
    return union;
  }

  /** Writes a list into the instance's memory. */
  #write(entries: Int32Array, { numbers, count }: Components): List {
    for (let i = 0, at = 0; i < count; i++, at += FIELDS) {
      const from = numbers[i] * FIELDS;
      entries[at] = this.#allEntries[from];
      entries[at + 1] = this.#allEntries[from + 1];
    }
    return { start: entries.byteOffset, end: entries.byteOffset + count * LISTED.bytes };
  }

  /** max (m⁰ − m) over the points of the tile */
  #largestDrop(): number {
    return this.#bounds.subarray(0, this.#bounds.length / 2).reduce((a, b) => Math.max(a, b));
  }

  #leastReference(): number {
    return this.#bounds.subarray(this.#bounds.length / 2).reduce((a, b) => Math.min(a, b));
  }
}
