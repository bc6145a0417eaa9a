import { asleepAgain, FARTHEST_REFERENCE, type PairLists, sleeps, TILE_SKIN, UNBUILT } from "../../pair-lists.ts";
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
  /** of the tiles of a group: counts and floors, before they are stored */
  readonly #counts: Int32Array;
  readonly #floors: Float64Array;

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
    this.#counts = new Int32Array(memory.groupPoints / shape.tileSize);
    this.#floors = new Float64Array(memory.groupPoints / shape.tileSize);
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
    const movers = this.#write(this.#moverEntries, { numbers: lists.movers, count: lists.movers.length });
    const first = group.firstPoint / tileSize;
    const tiles = group.points / tileSize;
    this.#references.set(lists.references.subarray(group.firstPoint, group.firstPoint + group.points));
    for (let t = 0; t < tiles; t++) {
      const span = { from: t * tileSize, points: tileSize };
      if (sleeps(lists.counts[first + t], this.#turn(group, lists))) this.#wholeTile(first + t, span, lists);
      else this.#tile(first + t, span, { lists, movers });
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
    this.#keepAll(this.#every);
  }

  /** E of a tile. kept ← the components that it may need, the list of the tile */
  #tile(tile: number, span: Span, { lists, movers }: { readonly lists: PairLists; readonly movers: List }): void {
    const instance = this.#instance;
    const count = lists.counts[tile];
    const built = this.#openList(tile, lists);
    lists.counts[tile] = UNBUILT;
    if (!built) this.#forgetReferences(span);
    const working = built ? this.#write(this.#someEntries, this.#listed) : instance.all;
    instance.densities(span, working);
    instance.raiseReferences(span, working);
    const whole = !(built && this.#largestDrop() <= TILE_SKIN);
    if (built && whole) this.#completeTile(span);
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
    const t = span.from / span.points;
    this.#floors[t] = this.#leastReference();
    const proven = this.#floors[t] >= lists.leastFloor;
    this.#counts[t] = proven && this.#storeList(tile, lists) ? this.#kept.count : asleepAgain(count);
  }

  #forgetReferences({ from, points }: Span): void {
    this.#references.fill(FARTHEST_REFERENCE, from, from + points);
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

  /** out: false: the list is too long */
  #storeList(tile: number, { components, capacity }: PairLists): boolean {
    const { numbers, count } = this.#kept;
    if (count > capacity) return false;
    for (let i = 0; i < count; i++) components[tile * capacity + i] = numbers[i];
    return true;
  }

  /** Computes what a list left out, for it proved to be out of date. */
  #completeTile(span: Span): void {
    const { numbers, count } = this.#listed;
    const rest = this.#kept;
    rest.count = 0;
    for (let component = 0, i = 0; component < this.#every.count; component++) {
      if (i < count && numbers[i] === component) i++;
      else rest.numbers[rest.count++] = component;
    }
    if (rest.count > 0) this.#instance.densities(span, this.#write(this.#someEntries, rest));
    this.#forgetReferences(span);
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
