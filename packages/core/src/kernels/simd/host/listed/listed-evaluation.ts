import type { Nodes } from "../../../../points/nodes.ts";
import type { Evaluation } from "../../../kernel.ts";
import { GUESSED, type PairLists, STAND } from "../../../pair-lists.ts";
import { writeEvaluation } from "../evaluate.ts";
import type { Group, Instance } from "../instance.ts";
import { ListedTile } from "./listed-tile.ts";
import type { Sieve } from "./sieve.ts";

/** A tile that needs a larger share of the components is no guess for the next, and so many groups are computed as they are. */
const MOST_SHARE = 1 / 2;
const VAIN_GROUPS = 7;

/** E of tiles without what earlier steps know: the list of a tile is a guess for the next. */
export class ListedEvaluation {
  readonly #instance: Instance;
  readonly #tile: ListedTile;
  #lists: PairLists;
  #guessed = 0;
  #wait = 0;

  constructor(instance: Instance, sieve: Sieve) {
    this.#instance = instance;
    this.#tile = new ListedTile(instance, sieve);
    this.#lists = this.#listsOf(new Float64Array(instance.shape.components * STAND.length), null);
  }

  /** in: stands, as of `PairLists`, of the parameters that were loaded; nodes, of the points that are evaluated */
  load(stands: Float64Array, nodes: Nodes | null): void {
    if (this.#lists.stands === stands && this.#lists.nodes === nodes) return;
    this.#lists = this.#listsOf(stands, nodes);
    this.#guessed = 0;
    this.#wait = 0;
  }

  /** Whether a group is computed as it is, because lists of those before were too long. */
  passesOver(): boolean {
    if (this.#wait === 0) return false;
    this.#wait--;
    return true;
  }

  /** in: count, n */
  write(group: Group, count: number, evaluation: Evaluation): void {
    const { tileSize, components } = this.#instance.shape;
    for (let from = 0; from < group.points && group.firstPoint + from < count; from += tileSize) {
      const span = { from, points: tileSize };
      this.#lists.counts[0] = GUESSED + this.#guessed;
      this.#tile.find(0, span, this.#lists, (group.firstPoint + from) / tileSize);
      const kept = this.#tile.kept.numbers.slice(0, this.#tile.kept.count);
      const evaluated = { span, firstPoint: group.firstPoint + from, components: kept, list: this.#tile.keptList };
      writeEvaluation(this.#instance, evaluated, count, evaluation);
      const tooLong = kept.length > MOST_SHARE * components;
      this.#guessed = tooLong ? 0 : kept.length;
      if (tooLong) this.#wait = VAIN_GROUPS;
      else this.#lists.components.set(kept);
    }
  }

  /** Of one tile. */
  #listsOf(stands: Float64Array, nodes: Nodes | null): PairLists {
    const { components, tileSize } = this.#instance.shape;
    return {
      counts: new Int32Array(1),
      components: new Uint32Array(components),
      capacity: components,
      references: new Float32Array(tileSize),
      floors: new Float32Array(1),
      nodes,
      movers: new Int32Array(0),
      renewed: true,
      stands,
      leastFloor: Number.NEGATIVE_INFINITY,
      step: 0,
    };
  }
}
