/**
 * Which blocks of a pass are claimed and which are done, in shared memory: [0] is the next block to claim, followed by
 * a done mark for each block. After `rewind`, blocks that were claimed but never marked, because a worker died, are
 * claimed again.
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

  /** Forgets everything, for a new pass. */
  clear(): void {
    this.#cells.fill(0, 0, 1 + this.#blocks);
  }

  /** Allows blocks that are not done to be claimed again. */
  rewind(): void {
    // Happens before the claims of all tasks that are posted after it.
    Atomics.store(this.#cells, 0, 0);
  }

  /** Stops claims: blocks that are claimed are done, and no others. */
  halt(): void {
    // A later add gives a number above it, so nobody gets a block until `rewind`.
    Atomics.store(this.#cells, 0, this.#blocks);
  }

  /** Claims the next block that is not done; -1 if there is none. */
  claim(): number {
    for (;;) {
      // An atomic add gives every block to exactly one claimant.
      const block = Atomics.add(this.#cells, 0, 1);
      if (block >= this.#blocks) return -1;
      // Only this reads done marks, so a block done before a rewind is not computed twice.
      if (Atomics.load(this.#cells, 1 + block) === 0) return block;
    }
  }

  /** The last thing that happens to a block. From here on, its slot is complete. */
  markDone(block: number): void {
    // A sequentially consistent store: whoever sees the mark also sees the slot, which was written before it.
    Atomics.store(this.#cells, 1 + block, 1);
  }

  /** how many blocks are done */
  get done(): number {
    let done = 0;
    // Pairs with the store in `markDone`.
    for (let block = 0; block < this.#blocks; block++) done += Atomics.load(this.#cells, 1 + block);
    return done;
  }

  get complete(): boolean {
    return this.done === this.#blocks;
  }
}
