import { type KernelChoice, simdSupported } from "@emix/core";
import { packsVectors } from "@emix/workers";
import { createEngine, type Engine } from "../engine.ts";

type Work<T> = (engine: Engine, signal: AbortSignal) => PromiseLike<T>;

interface ThreadsFlag {
  readonly threads?: number;
}

/** Lends an engine in this thread to some work, and closes it afterwards. Ctrl-C stops the work through its signal. */
export function withEngine<T>(flags: ThreadsFlag, work: Work<T>): Promise<T> {
  return lendEngine(flags, packsVectors() ? "auto256" : "auto", work);
}

/** The same, with one kernel for few rows and for many: what is said of a row does not depend on the rows beside it. */
export function withRowEngine<T>(flags: ThreadsFlag, work: Work<T>): Promise<T> {
  return lendEngine(flags, packsVectors() ? "simd256" : simdSupported() ? "simd" : "reference", work);
}

async function lendEngine<T>({ threads }: ThreadsFlag, kernel: KernelChoice, work: Work<T>): Promise<T> {
  const chosen = process.env.EMIX_KERNEL === undefined;
  const engine = await createEngine({ offThread: false, ...(threads && { threads }), ...(chosen && { kernel }) });
  const controller = new AbortController();
  const stop = () => controller.abort();
  // Only once: a second Ctrl-C ends the process as usual.
  process.once("SIGINT", stop);
  try {
    return await work(engine, controller.signal);
  } finally {
    process.off("SIGINT", stop);
    await engine.close();
  }
}
