import { BlockLedger } from "./ledger.ts";

/** Shared memory for one pass at a time: slots, parameters and the ledger. */
export interface Slab {
  readonly slots: Float64Array;
  readonly parameters: Float64Array;
  readonly ledger: Int32Array;
}

/** Slabs that are not in use, kept for the next pass: steps of a fit allocate nothing. */
export class SlabStore {
  readonly #free: Slab[] = [];

  take(slots: number, parameters: number, blocks: number): Slab {
    const cells = BlockLedger.cellsFor(blocks);
    const slab = this.#free.pop();
    return {
      slots: grown(slab?.slots, slots),
      parameters: grown(slab?.parameters, parameters),
      ledger: slab !== undefined && slab.ledger.length >= cells ? slab.ledger : sharedInts(cells),
    };
  }

  giveBack(slab: Slab): void {
    this.#free.push(slab);
  }
}

function grown(array: Float64Array | undefined, length: number): Float64Array {
  if (array !== undefined && array.length >= length) return array;
  return new Float64Array(new SharedArrayBuffer(length * 8));
}

function sharedInts(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * 4));
}
