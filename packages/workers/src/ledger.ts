/**
 * Which blocks of a pass are claimed and which are done, in shared memory: [0] the next block to claim, then a done
 * mark for each block. A block that was claimed but never marked (its worker died) is claimed again after `rewind`.
 */
export class BlockLedger {
  readonly #cells: Int32Array;
  readonly #blocks: number;

  constructor(cells: Int32Array, blocks: number) {
    this.#cells = cells;
    this.#blocks = blocks;
  }

  static cellsFor(blocks: number): number {
    return 1 + blocks;
  }

  /** Forgets everything; for a new pass. */
  clear(): void {
    this.#cells.fill(0, 0, 1 + this.#blocks);
  }

  /** Lets blocks that are not done be claimed again. */
  rewind(): void {
    // Ordered before the claims of the tasks that are posted after it.
    Atomics.store(this.#cells, 0, 0);
  }

  /** The next block that nobody has done, or -1. */
  claim(): number {
    for (;;) {
      // One atomic add gives every block to exactly one claimant.
      const block = Atomics.add(this.#cells, 0, 1);
      if (block >= this.#blocks) return -1;
      // Done marks are only looked at here, so a block done before a rewind is not computed twice.
      if (Atomics.load(this.#cells, 1 + block) === 0) return block;
    }
  }

  /** The last thing that happens to a block: its slot is whole from here on. */
  markDone(block: number): void {
    // A sequentially consistent store: whoever sees the mark also sees the slot that was written before it.
    Atomics.store(this.#cells, 1 + block, 1);
  }

  get complete(): boolean {
    for (let block = 0; block < this.#blocks; block++) {
      // Pairs with the store of markDone.
      if (Atomics.load(this.#cells, 1 + block) === 0) return false;
    }
    return true;
  }
}
