import type { KernelChoice } from "@emix/core";
import { kernelOfRows, packsVectors } from "@emix/workers";
import { type Engine, openEngine } from "../engine.ts";
import { abortOnInterrupt } from "./outputs/interrupts.ts";

type Work<T> = (engine: Engine, signal: AbortSignal) => PromiseLike<T>;

/** What of an engine a command decides. */
interface EngineFlags {
  readonly threads?: number;
  readonly storageFolder?: string;
}

/** Lends an engine in this thread to some work, and closes it afterwards. Ctrl-C stops the work through its signal. */
export function withEngine<T>(flags: EngineFlags, work: Work<T>): Promise<T> {
  return lendEngine(flags, packsVectors() ? "auto256" : "auto", work);
}

/** The same, with one kernel for few rows and for many: what is said of a row does not depend on the rows beside it. */
export function withRowEngine<T>(flags: EngineFlags, work: Work<T>): Promise<T> {
  return lendEngine(flags, kernelOfRows(), work);
}

async function lendEngine<T>({ threads, storageFolder }: EngineFlags, kernel: KernelChoice, work: Work<T>): Promise<T> {
  const given = {
    ...(threads && { threads }),
    ...(storageFolder && { storageFolder }),
    ...(process.env.EMIX_KERNEL === undefined && { kernel }),
  };
  const engine = openEngine({ offThread: false, ...given });
  const controller = new AbortController();
  const unheard = abortOnInterrupt(controller);
  try {
    return await work(engine, controller.signal);
  } finally {
    unheard();
    await engine.close();
  }
}
