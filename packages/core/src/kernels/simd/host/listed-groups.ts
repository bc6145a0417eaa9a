import {
  asleepAgain,
  FARTHEST_REFERENCE,
  GUESSED,
  type PairLists,
  sleeps,
  TILE_SKIN,
  UNBUILT,
} from "../../pair-lists.ts";
import { LISTED } from "../language/lists.ts";
import type { Components } from "./components.ts";
import type { Group, Instance, List, Span } from "./instance.ts";
import type { Sieve } from "./sieve.ts";
import type { Summing } from "./summing.ts";

const FIELDS = LISTED.bytes / 4;

/** E and M of groups by the lists of their tiles, which are kept on the way (kernels/pair-lists.ts). */
export class ListedGroups {
  readonly #instance: Instance;
  readonly #summing: Summing;
  readonly #sieve: Sieve;
  readonly #allEntries: Int32Array;
  readonly #entries: Int32Array;
  readonly #marks: Int32Array;
  readonly #references: Float64Array;
  readonly #bounds: Float64Array;
  readonly #every: Components;
  readonly #listed: Components;
  readonly #kept: Components;
  readonly #union: Components;
  readonly #some: Components;
  /** k: 1 for a mover */
  readonly #moves: Uint8Array;
  readonly #masks: Uint32Array;
  /** of the tiles of a group: counts and floors, before they are stored */
  readonly #counts: Int32Array;
  readonly #floors: Float64Array;
  #lists: PairLists | null = null;

  constructor(instance: Instance, summing: Summing, sieve: Sieve) {
    const { memory, shape, vectorBytes, view, integers } = instance;
    const { components } = shape;
    const entries = (start: number) => integers(start, components * FIELDS);
    const room = (): Components => ({ numbers: new Int32Array(components), count: 0 });
    this.#instance = instance;
    this.#summing = summing;
    this.#sieve = sieve;
    this.#allEntries = entries(memory.all);
    this.#entries = entries(memory.some);
    this.#marks = integers(memory.marks, components);
    this.#references = view(memory.references, memory.groupPoints);
    this.#bounds = view(memory.bounds, vectorBytes / 4);
    this.#every = { numbers: Int32Array.from({ length: components }, (_, c) => c), count: components };
    this.#listed = room();
    this.#kept = room();
    this.#union = room();
    this.#some = room();
    this.#moves = new Uint8Array(components);
    this.#masks = new Uint32Array(components);
    this.#counts = new Int32Array(memory.groupPoints / shape.tileSize);
    this.#floors = new Float64Array(memory.groupPoints / shape.tileSize);
  }

  #open(lists: PairLists): void {
    this.#lists = lists;
    this.#moves.fill(0);
    for (const mover of lists.movers) this.#moves[mover] = 1;
  }

  /** Is this a group whose tiles all sleep? Then it needs no lists. */
  sleeps(group: Group, lists: PairLists): boolean {
    const { tileSize } = this.#instance.shape;
    const [first, turn] = [group.firstPoint / tileSize, this.#turn(group, lists)];
    for (let tile = first; tile < first + group.points / tileSize; tile++) {
      if (!sleeps(lists.counts[tile], turn)) return false;
    }
    return true;
  }

  #turn({ firstPoint }: Group, { step }: PairLists): number {
    return step + firstPoint / this.#instance.memory.groupPoints;
  }

  /** Adds a group to the totals. */
  add(group: Group, lists: PairLists): void {
    const { tileSize } = this.#instance.shape;
    if (this.#lists !== lists) this.#open(lists);
    const first = group.firstPoint / tileSize;
    const tiles = group.points / tileSize;
    this.#references.set(lists.references.subarray(group.firstPoint, group.firstPoint + group.points));
    for (let t = 0; t < tiles; t++) {
      const span = { from: t * tileSize, points: tileSize };
      if (sleeps(lists.counts[first + t], this.#turn(group, lists))) this.#wholeTile(first + t, span, lists);
      else this.#tile(first + t, span, lists);
      this.#mark(this.#kept, 1 << t);
    }
    // A thread that dies on the way leaves tiles without a list: their counts are written first, and last.
    lists.references.set(this.#references.subarray(0, group.points), group.firstPoint);
    lists.floors.set(this.#floors.subarray(0, tiles), first);
    lists.counts.set(this.#counts.subarray(0, tiles), first);
    const union = this.#takeUnion(tiles);
    this.#instance.moments(this.#summing.some(union.numbers.subarray(0, union.count), tiles, this.#masks));
    for (let i = 0; i < union.count; i++) this.#masks[union.numbers[i]] = 0;
  }

  /** E of a tile that sleeps. */
  #wholeTile(tile: number, span: Span, { counts, floors }: PairLists): void {
    const { all } = this.#instance;
    this.#instance.densities(span, all);
    this.#instance.softMax(span, all);
    const t = span.from / span.points;
    this.#counts[t] = counts[tile];
    this.#floors[t] = floors[tile];
    this.#keep(this.#every);
  }

  /** E of a tile. kept ← the components that it may need, the list of the tile */
  #tile(tile: number, span: Span, lists: PairLists): void {
    const count = lists.counts[tile];
    lists.counts[tile] = UNBUILT;
    if (count < 0) this.#makeList(span);
    else this.#renewList(tile, span, { count, lists });
    this.#instance.softMax(span, this.#write(this.#kept));
    const t = span.from / span.points;
    this.#floors[t] = this.#leastReference();
    const guess = this.#floors[t] >= lists.leastFloor ? 0 : GUESSED;
    this.#counts[t] = this.#storeList(tile, lists) ? this.#kept.count + guess : asleepAgain(count);
  }

  /** Computes all components, and keeps those that come within the skin of a point. */
  #makeList(span: Span): void {
    const { all } = this.#instance;
    this.#instance.densities(span, all);
    this.#forgetReferences(span);
    this.#instance.raiseReferences(span, all);
    this.#instance.survey(span, all);
    this.#keepMarked(this.#every, () => true);
  }

  /** Computes what is listed, and what the sieve finds: movers; or anything, if the list does not hold any more. */
  #renewList(tile: number, span: Span, { count, lists }: { readonly count: number; readonly lists: PairLists }): void {
    const instance = this.#instance;
    const listed = this.#openList(tile, count % GUESSED, lists);
    const entries = this.#write(listed);
    instance.densities(span, entries);
    instance.raiseReferences(span, entries);
    const proven = count < GUESSED && lists.floors[tile] >= lists.leastFloor;
    const holds = proven && this.#largestDrop() <= TILE_SKIN;
    if (holds && lists.movers.length === 0) {
      this.#keep(listed);
      return;
    }
    if (!holds) {
      this.#forgetReferences(span);
      instance.raiseReferences(span, entries);
    }
    const floor = this.#leastReference();
    const found = this.#sieve.sift(span, tile, { lists, floor, all: !holds, listed });
    if (found.count > 0) {
      const more = this.#write(found);
      instance.densities(span, more);
      instance.raiseReferences(span, more);
    }
    this.#survey(span, this.#unite(listed, found), (component) => !holds || this.#moves[component] === 1);
  }

  /** kept ← the components, of those that are asked about only what comes within the skin of a point. */
  #survey(span: Span, components: Components, asked: (component: number) => boolean): void {
    const some = this.#some;
    some.count = 0;
    for (let i = 0; i < components.count; i++) {
      const component = components.numbers[i];
      if (asked(component)) some.numbers[some.count++] = component;
    }
    if (some.count > 0) this.#instance.survey(span, this.#write(some));
    this.#keepMarked(components, asked);
  }

  #forgetReferences({ from, points }: Span): void {
    this.#references.fill(FARTHEST_REFERENCE, from, from + points);
  }

  #openList(tile: number, count: number, { components, capacity }: PairLists): Components {
    const listed = this.#listed;
    for (let i = 0; i < count; i++) listed.numbers[i] = components[tile * capacity + i];
    listed.count = count;
    return listed;
  }

  /** out: false: the list is too long */
  #storeList(tile: number, { components, capacity }: PairLists): boolean {
    const { numbers, count } = this.#kept;
    if (count > capacity) return false;
    for (let i = 0; i < count; i++) components[tile * capacity + i] = numbers[i];
    return true;
  }

  /** union ← both, which have none in common */
  #unite(a: Components, b: Components): Components {
    const union = this.#union;
    union.count = 0;
    for (let i = 0, j = 0; i < a.count || j < b.count; ) {
      const fromA = j === b.count || (i < a.count && a.numbers[i] < b.numbers[j]);
      union.numbers[union.count++] = fromA ? a.numbers[i++] : b.numbers[j++];
    }
    return union;
  }

  /** After a survey of those that are asked about: those that are marked, and all others. */
  #keepMarked(components: Components, asked: (component: number) => boolean): void {
    const kept = this.#kept;
    kept.count = 0;
    for (let i = 0, mark = 0; i < components.count; i++) {
      const component = components.numbers[i];
      if (!asked(component) || this.#marks[mark++] !== 0) kept.numbers[kept.count++] = component;
    }
  }

  #keep({ numbers, count }: Components): void {
    const kept = this.#kept;
    for (let i = 0; i < count; i++) kept.numbers[i] = numbers[i];
    kept.count = count;
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
  #write({ numbers, count }: Components): List {
    const entries = this.#entries;
    for (let i = 0, at = 0; i < count; i++, at += FIELDS) {
      const from = numbers[i] * FIELDS;
      entries[at] = this.#allEntries[from];
      entries[at + 1] = this.#allEntries[from + 1];
    }
    return { start: entries.byteOffset, end: entries.byteOffset + count * LISTED.bytes };
  }

  /** max (m⁰ − m) over the points of the tile */
  #largestDrop(): number {
    const bounds = this.#bounds;
    const largest = Math.max(bounds[0], bounds[1]);
    return bounds.length === 4 ? largest : Math.max(largest, bounds[2], bounds[3]);
  }

  #leastReference(): number {
    const bounds = this.#bounds;
    if (bounds.length === 4) return Math.min(bounds[2], bounds[3]);
    return Math.min(bounds[4], bounds[5], bounds[6], bounds[7]);
  }
}
