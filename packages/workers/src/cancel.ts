/** A flag in shared memory that stops a job between two blocks, on whatever thread they run. */
export class CancelFlag {
  readonly cell: Int32Array;

  constructor(cell: Int32Array = new Int32Array(new SharedArrayBuffer(4))) {
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
}
