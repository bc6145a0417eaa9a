import { type PairLists, sleeps } from "../../../pair-lists.ts";
import type { Group, Instance } from "../instance.ts";
import type { Summing } from "../sums/summing.ts";
import { type Components, roomFor } from "./components.ts";
import { ListedTile } from "./listed-tile.ts";
import type { Sieve } from "./sieve.ts";

/** E and M of groups of tiles by their lists (kernels/pair-lists.ts). */
export class ListedGroups {
  readonly #instance: Instance;
  readonly #summing: Summing;
  readonly #tile: ListedTile;
  readonly #references: Float64Array;
  readonly #union: Components;
  /** k: bit t for tile t of the group */
  readonly #masks: Uint32Array;
  /** of the tiles of a group, before they are stored */
  readonly #counts: Int32Array;
  readonly #floors: Float32Array;

  constructor(instance: Instance, summing: Summing, sieve: Sieve) {
    const { memory, shape, view } = instance;
    const tiles = memory.groupPoints / shape.tileSize;
    this.#instance = instance;
    this.#summing = summing;
    this.#tile = new ListedTile(instance, sieve);
    this.#references = view(memory.references, memory.groupPoints);
    this.#union = roomFor(shape.components);
    this.#masks = new Uint32Array(shape.components);
    this.#counts = new Int32Array(tiles);
    this.#floors = new Float32Array(tiles);
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
    const first = group.firstPoint / tileSize;
    const tiles = group.points / tileSize;
    this.#references.set(lists.references.subarray(group.firstPoint, group.firstPoint + group.points));
    for (let t = 0; t < tiles; t++) {
      if (lists.renewed) this.#expect(group, t, lists);
      else this.#tile.lookAgain(first + t, { from: t * tileSize, points: tileSize }, lists);
      this.#mark(t);
    }
    if (lists.renewed) this.#store(group, lists);
    const union = this.#takeUnion(tiles);
    this.#instance.moments(this.#summing.some(union.numbers.subarray(0, union.count), tiles, this.#masks));
    for (let i = 0; i < union.count; i++) this.#masks[union.numbers[i]] = 0;
  }

  #store(group: Group, lists: PairLists): void {
    const first = group.firstPoint / this.#instance.shape.tileSize;
    const tiles = group.points / this.#instance.shape.tileSize;
    // A thread that dies on the way leaves tiles without a list: their counts are written first, and last.
    lists.references.set(this.#references.subarray(0, group.points), group.firstPoint);
    lists.floors.set(this.#floors.subarray(0, tiles), first);
    lists.counts.set(this.#counts.subarray(0, tiles), first);
  }

  /** in: t, a tile of the group */
  #expect(group: Group, t: number, lists: PairLists): void {
    const { tileSize } = this.#instance.shape;
    const tile = group.firstPoint / tileSize + t;
    const span = { from: t * tileSize, points: tileSize };
    if (sleeps(lists.counts[tile], this.#turn(group, lists))) {
      this.#counts[t] = lists.counts[tile];
      this.#floors[t] = lists.floors[tile];
      this.#tile.expectAll(span);
    } else {
      const { count, floor } = this.#tile.expect(tile, span, lists);
      this.#counts[t] = count;
      this.#floors[t] = floor;
    }
  }

  /** Marks what a tile keeps. */
  #mark(t: number): void {
    const { numbers, count } = this.#tile.kept;
    for (let i = 0; i < count; i++) this.#masks[numbers[i]] |= 1 << t;
  }

  /** The components of all tiles of the group, rising. */
  #takeUnion(tiles: number): Components {
    if (tiles === 1) return this.#tile.kept;
    const union = this.#union;
    union.count = 0;
    for (let component = 0; component < this.#masks.length; component++) {
      if (this.#masks[component] !== 0) union.numbers[union.count++] = component;
    }
    return union;
  }
}
