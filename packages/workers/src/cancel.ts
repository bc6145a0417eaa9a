/** A flag in shared memory that stops a job between two blocks, on whatever thread they run. */
export class CancelFlag {
  /**
   * [0] is the flag; [1] counts what is done of starts; [2] is 1 while the job is paused; [3] is 1 once it should leave, 2 once it should
   * end with what it has */
  readonly cell: Int32Array;

  constructor(cell: Int32Array = new Int32Array(new SharedArrayBuffer(16))) {
    this.cell = cell;
  }

  set(): void {
    // Workers read the flag before every block, so nothing needs to be woken.
    Atomics.store(this.cell, 0, 1);
  }

  get isSet(): boolean {
    // Pairs with the store in `set`. A late read costs one more block.
    return Atomics.load(this.cell, 0) !== 0;
  }

  /** Work goes on to the end of its pass, and waits. */
  pause(paused: boolean): void {
    // Read between two passes. A late read costs one more.
    Atomics.store(this.cell, 2, paused ? 1 : 0);
  }

  get isPaused(): boolean {
    return Atomics.load(this.cell, 2) === 1;
  }

  /** Asks the job to end after its step. */
  leave(): void {
    Atomics.store(this.cell, 3, 1);
  }

  get isLeft(): boolean {
    return Atomics.load(this.cell, 3) === 1;
  }

  /** Asks the job to end after its step, with the mixture it has. */
  finish(): void {
    // Read after a step. A late read costs one more.
    Atomics.store(this.cell, 3, 2);
  }

  get isFinished(): boolean {
    return Atomics.load(this.cell, 3) === 2;
  }

  /** Tells whoever watches that a thread comes on. */
  beat(): void {
    // Nothing is read after it; a late beat is a beat.
    Atomics.add(this.cell, 1, 1);
  }

  get beats(): number {
    return Atomics.load(this.cell, 1);
  }
}
