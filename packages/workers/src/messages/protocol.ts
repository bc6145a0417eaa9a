import type {
  BlockGrid,
  CompiledModule,
  Iteration,
  KernelSettings,
  LoneJob,
  Pass,
  PlainError,
  Tiles,
} from "@emix/core";

/** A task for a worker: plain data, with all large arrays in shared memory. */
export interface PassTask {
  readonly pass: Pass;
  /** tells the points of one job from those of another */
  readonly pointsId: number;
  readonly tiles: Tiles;
  readonly grid: BlockGrid;
  /** how many numbers a slot has */
  readonly slotLength: number;
  /** blocks × slotLength */
  readonly slots: Float64Array;
  /** cells of a BlockLedger */
  readonly ledger: Int32Array;
  /** cell of a CancelFlag */
  readonly cancel: Int32Array;
}

/** A worker's reply. Failures are data, because a thrown error loses its code between threads. */
export type TaskReply = { readonly ok: true } | { readonly ok: false; readonly error: PlainError };

/** A job that one worker does alone. */
export interface StartTask {
  readonly job: LoneJob;
  readonly settings: KernelSettings;
  /** compiled modules, by the keys of their programs */
  readonly modules: ReadonlyMap<string, CompiledModule>;
  /** cell of a CancelFlag */
  readonly cancel: Int32Array;
}

export type StartReply =
  | { readonly ok: true; readonly start: Iteration }
  | { readonly ok: false; readonly error: PlainError };
