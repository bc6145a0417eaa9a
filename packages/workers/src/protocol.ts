import type { BlockGrid, Pass, PlainError, Tiles } from "@emix/core";

/** What a worker is told: plain data, all large arrays in shared memory. */
export interface PassTask {
  readonly pass: Pass;
  readonly tiles: Tiles;
  readonly grid: BlockGrid;
  /** numbers in a slot */
  readonly slotLength: number;
  /** blocks × slotLength */
  readonly slots: Float64Array;
  /** cells of a BlockLedger */
  readonly ledger: Int32Array;
  /** cell of a CancelFlag */
  readonly cancel: Int32Array;
}

/** What a worker answers. Failures are data: a thrown error loses its code between threads. */
export type TaskReply = { readonly ok: true } | { readonly ok: false; readonly error: PlainError };
