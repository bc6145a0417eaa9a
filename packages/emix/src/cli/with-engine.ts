import { type KernelChoice, simdSupported } from "@emix/core";
import { packsVectors } from "@emix/workers";
import { type Engine, openEngine } from "../engine.ts";
import { abortOnInterrupt } from "./outputs/interrupts.ts";

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
  const engine = openEngine({ offThread: false, ...(threads && { threads }), ...(chosen && { kernel }) });
  const controller = new AbortController();
  const unheard = abortOnInterrupt(controller);
  try {
    return await work(engine, controller.signal);
  } finally {
    unheard();
    await engine.close();
  }
}
