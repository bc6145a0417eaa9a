import {
  asleepAgain,
  FARTHEST_REFERENCE,
  GUESSED,
  MOST_UNLISTED,
  type PairLists,
  TILE_SKIN,
  UNBUILT,
  UNLISTED,
} from "../../../pair-lists.ts";
import { LISTED } from "../../language/lists.ts";
import type { Instance, List, Span } from "../instance.ts";
import { type Components, copyTo, roomFor, unite } from "./components.ts";
import type { Sieve } from "./sieve.ts";

const FIELDS = LISTED.bytes / 4;

/** After so many tiles in a row whose lists became too long, further ones compute all. */
const MOST_VAIN = 4;
/** With fewer components or features, a tile without a list computes all: the sieve would take as long. */
const LEAST_SIEVED = { components: 16, features: 8 };
/** A list with a larger share of the components is no guess for the next tile. */
const MOST_SHARE = 1 / 2;
/** So many components that were found are computed first, then twice as many: they tell that others are out of reach. */
const FIRST_COMPUTED = 4;

/** What a tile leaves to be stored: its count, as of `PairLists.counts`, and its least reference. */
export interface Listed {
  readonly count: number;
  readonly floor: number;
}

/** A tile whose list is looked through. */
interface Found {
  /** what its count was */
  readonly before: number;
  readonly lists: PairLists;
  readonly ball: number;
}

/** E of one tile by its list, which is kept on the way (kernels/pair-lists.ts). */
export class ListedTile {
  readonly #instance: Instance;
  readonly #sieve: Sieve;
  readonly #allEntries: Int32Array;
  readonly #entries: Int32Array;
  readonly #marks: Int32Array;
  readonly #references: Float64Array;
  readonly #bounds: Float64Array;
  readonly #every: Components;
  readonly #listed: Components;
  readonly #union: Components;
  readonly #some: Components;
  readonly #found: Components;
  /** k: 1 for a mover */
  readonly #moves: Uint8Array;
  /** Does a tile without a list begin with that of the tile before? */
  readonly #sieves: boolean;
  #lists: PairLists | null = null;
  /** tiles in a row whose lists became too long */
  #vain = 0;
  /** the components of the tile that was treated last: its list */
  readonly kept: Components;

  constructor(instance: Instance, sieve: Sieve) {
    const { memory, shape, vectorBytes, view, integers } = instance;
    const { components } = shape;
    this.#instance = instance;
    this.#sieve = sieve;
    this.#allEntries = integers(memory.all, components * FIELDS);
    this.#entries = integers(memory.some, components * FIELDS);
    this.#marks = integers(memory.marks, components);
    this.#references = view(memory.references, memory.groupPoints);
    this.#bounds = view(memory.bounds, vectorBytes / 4);
    this.#every = { numbers: Int32Array.from({ length: components }, (_, c) => c), count: components };
    this.#listed = roomFor(components);
    this.#union = roomFor(components);
    this.#some = roomFor(components);
    this.#found = roomFor(components);
    this.#moves = new Uint8Array(components);
    this.#sieves = components >= LEAST_SIEVED.components && shape.features >= LEAST_SIEVED.features;
    this.kept = roomFor(components);
  }

  /** All components, of a tile that sleeps. */
  findAll(span: Span): void {
    this.#instance.densities(span, this.#instance.all);
    copyTo(this.kept, this.#every);
  }

  /**
   * What the tile needs for a second look: what is listed, and what it may reach of the movers; nothing, if none of that
   * is measured.
   */
  findAgain(tile: number, span: Span, lists: PairLists): void {
    const count = lists.counts[tile];
    if (count < 0) {
      this.findAll(span);
      return;
    }
    const listed = this.#openList(tile, count % GUESSED, lists);
    const found = this.#found;
    found.count = 0;
    const take = (component: number) => {
      found.numbers[found.count++] = component;
      return false;
    };
    this.#sieve.openTile(span, tile, lists);
    this.#sieve.sift(true, numbersOf(listed), take);
    if (count === UNLISTED) this.#sieve.sift(false, numbersOf(listed), take);
    unite(this.kept, listed, sorted(found));
    if (!this.#measuresAny(this.kept)) this.kept.count = 0;
    if (this.kept.count > 0) this.#instance.densities(span, this.#write(this.kept));
  }

  #measuresAny({ numbers, count }: Components): boolean {
    const { measured } = this.#instance;
    for (let i = 0; i < count; i++) if (measured[numbers[i]] >= 0) return true;
    return false;
  }

  /** kept ← what the tile may need; joint ← its log joint densities. in: tile, by its list; ball, by its place among nodes */
  find(tile: number, span: Span, lists: PairLists, ball: number = tile): void {
    if (this.#lists !== lists) this.#open(lists);
    const before = lists.counts[tile];
    lists.counts[tile] = UNBUILT;
    if ((before >= 0 && before < GUESSED) || (this.#vain < MOST_VAIN && this.#hasGuess(before))) {
      this.#renewList(tile, span, { before, lists, ball });
    } else {
      this.#makeList(span);
    }
  }

  #hasGuess(before: number): boolean {
    const { count } = this.kept;
    const few = count > 0 && count <= MOST_SHARE * this.#every.count;
    return before === UNLISTED || (before === UNBUILT && this.#sieves) ? few : before > GUESSED;
  }

  /** Where the components that were kept last lie in the instance's memory. */
  get keptList(): List {
    return this.kept.count === this.#every.count ? this.#instance.all : this.#write(this.kept);
  }

  /** As `find`; the list of the tile is renewed where that is called for. */
  renew(tile: number, span: Span, lists: PairLists): Listed {
    const before = lists.counts[tile];
    this.find(tile, span, lists);
    const floor = this.#leastReference();
    const stored = this.#storeList(tile, lists);
    const few = stored || this.kept.count <= MOST_UNLISTED * this.#every.count;
    this.#vain = few ? 0 : this.#vain + 1;
    if (!few) return { count: asleepAgain(before), floor };
    if (!stored) return { count: UNLISTED, floor };
    return { count: this.kept.count + (floor >= lists.leastFloor ? 0 : GUESSED), floor };
  }

  #open(lists: PairLists): void {
    this.#lists = lists;
    this.#moves.fill(0);
    for (const mover of lists.movers) this.#moves[mover] = 1;
  }

  /** Computes all components, and keeps those that come within the skin of a point. */
  #makeList(span: Span): void {
    const { all } = this.#instance;
    this.#instance.densities(span, all);
    this.#forgetReferences(span);
    this.#instance.raiseReferences(span, all);
    this.#instance.survey(span, all);
    this.#keepMarked(this.#every, true);
  }

  /** Computes what is listed, and what the sieve finds: movers; or anything, if no list holds. */
  #renewList(tile: number, span: Span, { before, lists, ball }: Found): void {
    const listed = this.#listed;
    if (before === UNBUILT || before === UNLISTED) copyTo(listed, this.kept);
    else this.#openList(tile, before % GUESSED, lists);
    this.#compute(span, listed);
    const proven = before >= 0 && before < GUESSED && lists.floors[tile] >= lists.leastFloor;
    const holds = proven && this.#largestDrop() <= TILE_SKIN;
    if (holds && lists.movers.length === 0) {
      copyTo(this.kept, listed);
      return;
    }
    if (!holds) {
      this.#forgetReferences(span);
      if (listed.count > 0) this.#instance.raiseReferences(span, this.#write(listed));
    }
    this.#sieve.openTile(span, ball, lists);
    this.#found.count = 0;
    this.#computeFound(span, true, listed);
    if (!holds) this.#computeFound(span, false, listed);
    unite(this.#union, listed, sorted(this.#found));
    this.#survey(span, this.#union, !holds);
  }

  /** found ← movers, or others, that may reach the tile, with E of them. */
  #computeFound(span: Span, movers: boolean, listed: Components): void {
    const [found, some] = [this.#found, this.#some];
    some.count = 0;
    let most = FIRST_COMPUTED;
    const computeSome = () => {
      this.#compute(span, some);
      some.count = 0;
      most *= 2;
      return true;
    };
    this.#sieve.sift(movers, numbersOf(listed), (component) => {
      found.numbers[found.count++] = component;
      some.numbers[some.count++] = component;
      return some.count === most && computeSome();
    });
    computeSome();
  }

  /** E of some components, and references raised by them. */
  #compute(span: Span, components: Components): void {
    if (components.count === 0) return;
    const entries = this.#write(components);
    this.#instance.densities(span, entries);
    this.#instance.raiseReferences(span, entries);
  }

  /** kept ← the components, without those that were asked about, all or movers, and lie outside the skin. */
  #survey(span: Span, components: Components, all: boolean): void {
    const asked = this.#some;
    asked.count = 0;
    for (let i = 0; i < components.count; i++) {
      const component = components.numbers[i];
      if (all || this.#moves[component] === 1) asked.numbers[asked.count++] = component;
    }
    if (asked.count > 0) this.#instance.survey(span, this.#write(asked));
    this.#keepMarked(components, all);
  }

  #keepMarked(components: Components, all: boolean): void {
    const { kept } = this;
    kept.count = 0;
    for (let i = 0, mark = 0; i < components.count; i++) {
      const component = components.numbers[i];
      const asked = all || this.#moves[component] === 1;
      if (!asked || this.#marks[mark++] !== 0) kept.numbers[kept.count++] = component;
    }
  }

  #openList(tile: number, count: number, { components, capacity }: PairLists): Components {
    const listed = this.#listed;
    for (let i = 0; i < count; i++) listed.numbers[i] = components[tile * capacity + i];
    listed.count = count;
    return listed;
  }

  /** out: false: the list is too long */
  #storeList(tile: number, { components, capacity }: PairLists): boolean {
    const { numbers, count } = this.kept;
    if (count > capacity) return false;
    for (let i = 0; i < count; i++) components[tile * capacity + i] = numbers[i];
    return true;
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

  #forgetReferences({ from, points }: Span): void {
    this.#references.fill(FARTHEST_REFERENCE, from, from + points);
  }

  /** max (m⁰ − m) over the points of the tile, before references were raised last */
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

function sorted(components: Components): Components {
  components.numbers.subarray(0, components.count).sort();
  return components;
}

function numbersOf({ numbers, count }: Components): Int32Array {
  return numbers.subarray(0, count);
}
