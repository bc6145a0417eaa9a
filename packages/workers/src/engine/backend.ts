import {
  EmixError,
  type FitStep,
  KernelPrograms,
  type KernelSettings,
  type PlainError,
  type Tiles,
  toPlainError,
} from "@emix/core";
import { CancelFlag } from "../cancel.ts";
import { compileEagerly } from "../compile.ts";
import { SharedMemory } from "../memory.ts";
import { ParallelExecutor } from "../parallel-executor.ts";
import { createPool, type Pool } from "../pool.ts";
import { type Job, type JobResult, perform } from "./job.ts";

/** How an engine is set up, as plain data. */
export interface BackendOptions extends KernelSettings {
  readonly threads: number;
  readonly workerUrl?: string;
}

/** A job with the points it is done on. */
export interface Request {
  readonly job: Job;
  readonly tiles: Tiles;
  /** cell of a CancelFlag */
  readonly cancel: Int32Array;
}

/** The outcome as plain data, so that it is the same on both sides of a thread. */
export type Outcome =
  | { readonly ok: true; readonly value: JobResult }
  | { readonly ok: false; readonly error: PlainError };

/** Hears of steps; a promise where they are told to another thread. */
export type Tell = (steps: readonly FitStep[]) => void | Promise<void>;

/** What does the work of an engine: in this thread, or in one of its own. */
export interface Backend {
  /** `tell` gets the steps as they come, several at a time. */
  perform(request: Request, tell: Tell): Promise<Outcome>;
  close(): Promise<void>;
  /** False once nothing can be done any more. */
  readonly usable: boolean;
}

/** Steps are told at most this often. */
const TELL_EVERY_MILLISECONDS = 20;

/** The backend in the calling thread: a pool, made when first needed. */
export function localBackend({ threads, workerUrl, ...settings }: BackendOptions): Backend {
  let pool: Pool | undefined;
  let closed = false;
  const programs = new KernelPrograms(settings, compileEagerly);
  const memory = new SharedMemory();
  const openPool = (): Pool => {
    if (closed) throw engineClosed();
    pool ??= createPool(threads, workerUrl);
    return pool;
  };

  return {
    async perform({ job, tiles, cancel }, tell) {
      if (closed) return { ok: false, error: toPlainError(engineClosed()) };
      const arithmetic = job.kind === "fit" ? job.options.compute : "f64";
      const setting = { pool: openPool, threads, tiles, programs, arithmetic, memory, cancel: new CancelFlag(cancel) };
      const executor = new ParallelExecutor(setting);
      try {
        return { ok: true, value: await told(perform(executor, job), tell) };
      } catch (error) {
        return { ok: false, error: toPlainError(closed ? engineClosed() : error) };
      }
    },

    get usable() {
      return !closed;
    },

    async close() {
      closed = true;
      await pool?.close();
    },
  };
}

/** Runs a generator to its end and passes on what it yields, in batches; all is heard before it returns. */
async function told<T>(steps: AsyncGenerator<FitStep, T>, tell: Tell): Promise<T> {
  let batch: FitStep[] = [];
  let heard: Promise<void> | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const flush = () => {
    if (batch.length > 0) heard = Promise.resolve(tell(batch));
    batch = [];
    last = performance.now();
  };
  for (;;) {
    const next = await steps.next();
    if (next.done) {
      flush();
      await heard;
      return next.value;
    }
    batch.push(next.value);
    if (performance.now() - last >= TELL_EVERY_MILLISECONDS) flush();
  }
}

export function engineClosed(): EmixError {
  return new EmixError("ENGINE_CLOSED", "The engine was closed before its work was done; create another one.");
}
