/** A flag in shared memory that stops a job between two blocks, on whatever thread they run. */
export class CancelFlag {
  readonly cell: Int32Array;

  constructor(cell: Int32Array = new Int32Array(new SharedArrayBuffer(4))) {
    this.cell = cell;
  }

  set(): void {
    // Workers read it before every block; there is nothing to wake.
    Atomics.store(this.cell, 0, 1);
  }

  get isSet(): boolean {
    // Pairs with the store of set; a late read costs one block more.
    return Atomics.load(this.cell, 0) !== 0;
  }
}
