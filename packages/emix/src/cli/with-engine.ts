import { packsVectors } from "@emix/workers";
import { createEngine, type Engine } from "../engine.ts";

/** Lends an engine in this thread to some work, and closes it afterwards. Ctrl-C stops the work through its signal. */
export async function withEngine<T>(
  { threads }: { readonly threads?: number },
  work: (engine: Engine, signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  const packed = packsVectors() && process.env.EMIX_KERNEL === undefined;
  const engine = await createEngine({
    offThread: false,
    ...(threads && { threads }),
    ...(packed && { kernel: "auto256" }),
  });
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
