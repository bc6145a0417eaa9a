import type { Executor } from "./executor.ts";

/** Lent memory for the time between two calls; `close` hands it back. */
export interface OpenMemory {
  readonly memory: ArrayBufferLike;
  readonly close: () => void;
}

/** Lends memory until it is closed, for generators, which cannot use it inside one function. */
export function openMemory(executor: Executor, bytes: number): Promise<OpenMemory> {
  const { promise, resolve, reject } = Promise.withResolvers<OpenMemory>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  executor
    .lend(bytes, (memory) => {
      resolve({ memory, close });
      return closed;
    })
    .catch(reject);
  return promise;
}
