import type { Evaluation } from "../../../kernel.ts";
import { type PairLists, sleeps } from "../../../pair-lists.ts";
import { writeEvaluation } from "../evaluate.ts";
import type { Group, Instance, Span } from "../instance.ts";
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
  /** the counts of a group's tiles, before they are stored */
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
    const tiles = group.points / tileSize;
    this.#find(group, lists, (span) => {
      if (lists.renewed || this.#tile.kept.count > 0) this.#instance.softMax(span, this.#tile.keptList);
      this.#mark(span.from / tileSize);
    });
    const union = this.#takeUnion(tiles);
    this.#instance.moments(this.#summing.some(union.numbers.subarray(0, union.count), tiles, this.#masks));
    for (let i = 0; i < union.count; i++) this.#masks[union.numbers[i]] = 0;
  }

  /** Evaluates the points of a group. in: count, n */
  evaluate(group: Group, lists: PairLists, count: number, evaluation: Evaluation): void {
    const { kept } = this.#tile;
    this.#find(group, lists, (span) => {
      const components = kept.numbers.subarray(0, kept.count);
      const evaluated = { span, firstPoint: group.firstPoint + span.from, components, list: this.#tile.keptList };
      writeEvaluation(this.#instance, evaluated, count, evaluation);
    });
  }

  /** Finds what each tile of a group needs, with its log joint densities. in: use, of the tile that was found last */
  #find(group: Group, lists: PairLists, use: (span: Span) => void): void {
    const { tileSize } = this.#instance.shape;
    this.#references.set(lists.references.subarray(group.firstPoint, group.firstPoint + group.points));
    for (let from = 0; from < group.points; from += tileSize) {
      const span = { from, points: tileSize };
      if (lists.renewed) this.#renew(group, span, lists);
      else this.#tile.findAgain((group.firstPoint + from) / tileSize, span, lists);
      use(span);
    }
    if (lists.renewed) this.#store(group, lists);
  }

  #store(group: Group, lists: PairLists): void {
    const first = group.firstPoint / this.#instance.shape.tileSize;
    const tiles = group.points / this.#instance.shape.tileSize;
    // A thread that dies on the way leaves tiles without a list: their counts are written first, and last.
    lists.references.set(this.#references.subarray(0, group.points), group.firstPoint);
    lists.floors.set(this.#floors.subarray(0, tiles), first);
    lists.counts.set(this.#counts.subarray(0, tiles), first);
  }

  /** in: span, a tile of the group */
  #renew(group: Group, span: Span, lists: PairLists): void {
    const { tileSize } = this.#instance.shape;
    const t = span.from / tileSize;
    const tile = group.firstPoint / tileSize + t;
    if (sleeps(lists.counts[tile], this.#turn(group, lists))) {
      this.#counts[t] = lists.counts[tile];
      this.#floors[t] = lists.floors[tile];
      this.#tile.findAll(span);
    } else {
      const { count, floor } = this.#tile.renew(tile, span, lists);
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
