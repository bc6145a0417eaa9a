import type { Executor } from "./executor.ts";

/** Lent memory for the time between two calls; `close` hands it back. */
export interface OpenMemory {
  readonly memory: ArrayBufferLike;
  readonly close: () => void;
}

/** Memory is lent to a function, and a generator is none: this lends it until it is closed. */
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
