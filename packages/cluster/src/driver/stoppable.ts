import { abortedWork, CancelFlag } from "@emix/workers";

/** What ends work under way. */
export interface Stop {
  readonly signal: AbortSignal;
  readonly cancel: CancelFlag;
}

/** Does some work that a signal stops. @throws ABORTED */
export async function stoppable<T>(signal: AbortSignal | undefined, work: (stop: Stop) => Promise<T>): Promise<T> {
  const own = new AbortController();
  const cancel = new CancelFlag();
  const stop = () => {
    cancel.set();
    own.abort(abortedWork(signal?.reason));
  };
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    own.signal.throwIfAborted();
    return await work({ signal: own.signal, cancel });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
