/**
 * Where each number lies: the flag; a count of what is done of starts; 1 while the job is paused; and how the job should end
 * after its step: LEAVE or FINISH, 0 for not at all.
 */
const CELLS = { flag: 0, beats: 1, paused: 2, end: 3 };
const LEAVE = 1;
const FINISH = 2;

/** A flag in shared memory that stops a job between two blocks, on whatever thread they run. */
export class CancelFlag {
  /** the numbers that threads share, at the places of `CELLS` */
  readonly cell: Int32Array;

  constructor(cell: Int32Array = new Int32Array(new SharedArrayBuffer(16))) {
    this.cell = cell;
  }

  set(): void {
    // Workers read the flag before every block, so nothing needs to be woken.
    Atomics.store(this.cell, CELLS.flag, 1);
  }

  get isSet(): boolean {
    // Pairs with the store in `set`. A late read costs one more block.
    return Atomics.load(this.cell, CELLS.flag) !== 0;
  }

  /** Lets the work continue to the end of its pass, and then wait. */
  pause(paused: boolean): void {
    // Read between two passes. A late read costs one more.
    Atomics.store(this.cell, CELLS.paused, paused ? 1 : 0);
  }

  get isPaused(): boolean {
    return Atomics.load(this.cell, CELLS.paused) === 1;
  }

  /** Asks the job to end after its step. */
  leave(): void {
    Atomics.store(this.cell, CELLS.end, LEAVE);
  }

  get shouldLeave(): boolean {
    return Atomics.load(this.cell, CELLS.end) === LEAVE;
  }

  /** Asks the job to end after its step, with the mixture it has. */
  finish(): void {
    // Read after a step. A late read costs one more.
    Atomics.store(this.cell, CELLS.end, FINISH);
  }

  get shouldFinish(): boolean {
    return Atomics.load(this.cell, CELLS.end) === FINISH;
  }

  /** Tells the watchdog that a thread makes progress. */
  beat(): void {
    // Nothing is read after it; a late beat is a beat.
    Atomics.add(this.cell, CELLS.beats, 1);
  }

  get beats(): number {
    return Atomics.load(this.cell, CELLS.beats);
  }
}
