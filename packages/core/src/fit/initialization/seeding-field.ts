import { type BallTree, type List, roundedUp } from "../../kernels/balls/ball-tree.ts";
import { MEMBERS } from "../../kernels/balls/levels.ts";
import type { DistancePower } from "../../kernels/distance-kernel.ts";
import { NUMBER_BYTES } from "../../kernels/simd/arithmetic/balls.ts";
import { type BlockGrid, blockGrid, blockRange } from "../../passes/blocks.ts";
import type { SeedingState } from "../../passes/pass.ts";
import type { Slots } from "../../passes/slots.ts";
import { readTileWeights, type Tiles, tileCount } from "../../points/tiles.ts";

/** What a candidate would lower, where that is little; memory that is used again. */
interface Kept {
  candidate: Float64Array | null;
  /** how many strips */
  count: number;
  /** the strips as in a list of the tree, and D² of their points */
  readonly strips: Uint32Array;
  readonly lowered: Float64Array;
}

/** A candidate that comes near more of the strips than this is looked for again: copying takes as long. */
const MOST_KEPT = 1 / 16;

/** Covers the rounding of computed distances. */
const RELATIVE = 1 + 1e-9;

/**
 * The state of k-means++ in a tree of balls: a centre or a candidate visits only balls with points that may be nearer to
 * it than to all centres so far. Its numbers are those of passes over all points (tasks/distances.ts), to the last bit.
 */
export class SeedingField {
  readonly #tree: BallTree;
  readonly #tiles: Tiles;
  readonly #grid: BlockGrid;
  readonly #power: DistancePower;
  readonly #state: SeedingState;
  /** by level, from 1: the greatest D² of a point of positive weight */
  readonly #greatest: readonly Float64Array[];
  readonly #squaredAt: number;
  readonly #trialAt: number;
  readonly #weightsAt: number;
  readonly #sumsAt: number;
  readonly #trial: Float64Array;
  readonly #weights: Float64Array;
  readonly #sums: Float64Array;
  /** of each block, of the centres so far */
  readonly #ofBlocks: Float64Array;
  /** of each block and candidate */
  readonly #values: Float64Array;
  readonly #strips: number;
  readonly #all: List;
  /** of the candidates that were weighed last */
  readonly #kept: Kept[] = [];
  readonly #mostKept: number;

  /** How many bytes a field needs in its tree. */
  static bytes(tiles: Tiles): number {
    const padded = tileCount(tiles) * tiles.tileSize;
    return 3 * roundedUp(padded * 8, 64) + 64 + (padded / MEMBERS) * NUMBER_BYTES;
  }

  /** in: tree, of the tiles; state, of one restart; its distances are the field's own */
  constructor(tree: BallTree, tiles: Tiles, power: DistancePower, state: Omit<SeedingState, "squared" | "greatest">) {
    const padded = tileCount(tiles) * tiles.tileSize;
    const bytes = roundedUp(padded * 8, 64);
    this.#tree = tree;
    this.#tiles = tiles;
    this.#power = power;
    this.#grid = blockGrid(tiles, 1);
    this.#greatest = tree.balls.map(({ count }) => new Float64Array(count));
    this.#squaredAt = tree.extra;
    this.#trialAt = this.#squaredAt + bytes;
    this.#weightsAt = this.#trialAt + bytes;
    this.#sumsAt = this.#weightsAt + bytes;
    this.#trial = tree.numbers(this.#trialAt, padded);
    this.#weights = tree.numbers(this.#weightsAt, padded);
    this.#sums = tree.numbers(this.#sumsAt, 4);
    this.#ofBlocks = new Float64Array(this.#grid.blocks);
    this.#values = new Float64Array((this.#grid.blocks * state.potentials.length) / state.masses.length);
    this.#state = { ...state, squared: tree.numbers(this.#squaredAt, padded), greatest: new Float64Array(0) };
    for (let tile = 0; tile < tileCount(tiles); tile++) {
      readTileWeights(tiles, tile, this.#weights.subarray(tile * tiles.tileSize, (tile + 1) * tiles.tileSize));
    }
    const start = this.#sumsAt + 64;
    this.#strips = Math.ceil(tiles.count / MEMBERS);
    this.#mostKept = Math.floor(this.#strips * MOST_KEPT);
    this.#all = { start, end: start + this.#strips * NUMBER_BYTES };
    for (let strip = 0; strip < this.#strips; strip++) tree.words[start / 4 + 2 * strip] = strip;
  }

  get state(): SeedingState {
    return this.#state;
  }

  /** Takes a centre in. out: the potentials of all blocks */
  takeIn(centre: Float64Array, label: number): Slots {
    const { squared, labels, masses } = this.#state;
    // Nothing is ever near to what follows the last point.
    if (label === 0) squared.fill(Number.POSITIVE_INFINITY).fill(0, this.#strips * MEMBERS);
    const strips = this.#recalled(centre) ?? this.#lowered(centre, label === 0);
    this.#forEach(strips, (strip) => {
      const first = strip * MEMBERS;
      let greatest = 0;
      for (let point = first; point < first + MEMBERS; point++) {
        const now = this.#trial[point];
        if (now < squared[point]) {
          labels[point] = label;
          squared[point] = now;
        }
        if (this.#weights[point] > 0 && now > greatest) greatest = now;
      }
      this.#setGreatest(0, strip, greatest);
    });
    this.#raise(strips);
    let last = -1;
    this.#forEachTile(strips, (tile) => {
      masses[tile] = this.#massOf(this.#squaredAt, tile);
      const block = Math.floor(tile / this.#grid.perBlock);
      if (block !== last && last >= 0) this.#ofBlocks[last] = this.#sumOf(masses, last);
      last = block;
    });
    if (last >= 0) this.#ofBlocks[last] = this.#sumOf(masses, last);
    return { values: this.#ofBlocks, blocks: this.#grid.blocks, slotLength: 1 };
  }

  /** What each candidate would leave. out: a potential of each block for each */
  weigh(candidates: readonly Float64Array[]): Slots {
    const { masses, potentials } = this.#state;
    const { blocks, perBlock } = this.#grid;
    const values = this.#values.subarray(0, blocks * candidates.length);
    candidates.forEach((candidate, c) => {
      const own = potentials.subarray(c * masses.length, (c + 1) * masses.length);
      own.set(masses);
      for (let block = 0; block < blocks; block++) values[block * candidates.length + c] = this.#ofBlocks[block];
      const strips = this.#lowered(candidate, false);
      let last = -1;
      const close = () => {
        if (last >= 0) values[last * candidates.length + c] = this.#sumOf(own, last);
      };
      this.#forEachTile(strips, (tile) => {
        own[tile] = this.#massOf(this.#trialAt, tile);
        const block = Math.floor(tile / perBlock);
        if (block !== last) close();
        last = block;
      });
      close();
      this.#keep(c, candidate, strips);
      if (strips.end > strips.start) {
        this.#tree.calls.restore(strips.start, strips.end, this.#squaredAt, this.#trialAt);
      }
    });
    return { values, blocks, slotLength: candidates.length };
  }

  /** Keeps what a candidate would lower: one of them is taken in next. */
  #keep(index: number, candidate: Float64Array, { start, end }: List): void {
    const count = (end - start) / NUMBER_BYTES;
    this.#kept[index] ??= {
      ...{ candidate: null, count: 0 },
      strips: new Uint32Array((this.#mostKept * NUMBER_BYTES) / 4),
      lowered: new Float64Array(this.#mostKept * MEMBERS),
    };
    const kept = this.#kept[index];
    kept.candidate = count <= this.#mostKept ? candidate : null;
    if (kept.candidate === null) return;
    kept.count = count;
    kept.strips.set(this.#tree.words.subarray(start / 4, end / 4));
    for (let strip = 0; strip < count; strip++) {
      const [to, from] = [MEMBERS * strip, MEMBERS * kept.strips[(strip * NUMBER_BYTES) / 4]];
      for (let lane = 0; lane < MEMBERS; lane++) kept.lowered[to + lane] = this.#trial[from + lane];
    }
  }

  /** As `#lowered`, if the centre is a candidate that was just weighed and kept; else null. */
  #recalled(centre: Float64Array): List | null {
    const kept = this.#kept.find(({ candidate }) => candidate?.every((value, j) => value === centre[j]));
    for (const each of this.#kept) each.candidate = null;
    if (kept === undefined) return null;
    const { count, strips, lowered } = kept;
    for (let strip = 0; strip < count; strip++) {
      const [to, from] = [MEMBERS * strips[(strip * NUMBER_BYTES) / 4], MEMBERS * strip];
      for (let lane = 0; lane < MEMBERS; lane++) this.#trial[to + lane] = lowered[from + lane];
    }
    return this.#tree.listed(strips.subarray(0, (count * NUMBER_BYTES) / 4));
  }

  /** The strips that a centre comes near to, with D² lowered in `trial`. */
  #lowered(centre: Float64Array, all: boolean): List {
    const tree = this.#tree;
    tree.ask(centre);
    return tree.lower(all ? this.#all : tree.near(1), this.#squaredAt, this.#trialAt);
  }

  /** Σ ω D², or Σ ω D, of a tile. */
  #massOf(distancesAt: number, tile: number): number {
    const bytes = this.#tiles.tileSize * 8;
    const from = distancesAt + tile * bytes;
    this.#tree.calls[`mass${this.#power}`](from, from + bytes, this.#weightsAt + tile * bytes, this.#sumsAt);
    return this.#sums[0] + this.#sums[1];
  }

  /** in: of tiles */
  #sumOf(ofTiles: Float64Array, block: number): number {
    const { first, end } = blockRange(this.#grid, block);
    let sum = 0;
    for (let tile = first; tile < end; tile++) sum += ofTiles[tile];
    return sum;
  }

  /** in: level, from 0 */
  #setGreatest(level: number, ball: number, greatest: number): void {
    this.#greatest[level][ball] = greatest;
    const reach = this.#tree.balls[level].radii[ball] + Math.sqrt(greatest);
    this.#tree.setReach(level + 1, ball, greatest === 0 ? 0 : reach * RELATIVE);
  }

  /** Sees to the balls above some strips. */
  #raise(strips: List): void {
    for (let level = 1, span = MEMBERS; level < this.#greatest.length; level++, span *= MEMBERS) {
      const below = this.#greatest[level - 1];
      let last = -1;
      this.#forEach(strips, (strip) => {
        const ball = Math.floor(strip / span);
        if (ball === last) return;
        last = ball;
        let greatest = 0;
        const end = Math.min(MEMBERS * (ball + 1), below.length);
        for (let member = MEMBERS * ball; member < end; member++) greatest = Math.max(greatest, below[member]);
        this.#setGreatest(level, ball, greatest);
      });
    }
  }

  #forEach({ start, end }: List, treat: (number: number) => void): void {
    const { words } = this.#tree;
    for (let at = start / 4; at < end / 4; at += NUMBER_BYTES / 4) treat(words[at]);
  }

  #forEachTile(strips: List, treat: (tile: number) => void): void {
    const ofTile = this.#tiles.tileSize / MEMBERS;
    let last = -1;
    this.#forEach(strips, (strip) => {
      const tile = Math.floor(strip / ofTile);
      if (tile !== last) treat(tile);
      last = tile;
    });
  }
}
