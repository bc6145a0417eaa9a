import { fromPlainError } from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import { abortedWork, engineClosed } from "../errors.ts";
import type { Outcome } from "./backend.ts";
import type { JobKind, JobResults } from "./job.ts";

export function resultOf<K extends JobKind>(outcome: Outcome): JobResults[K] {
  if (outcome.ok) return outcome.value as JobResults[K];
  throw fromPlainError(outcome.error);
}

/** Rejects as soon as the signal fires. The work itself ends at its next block. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, cancel: CancelFlag): Promise<T> {
  if (signal === undefined) return work;
  return orEnded(work, signal, () => {
    cancel.set();
    return abortedWork(signal.reason);
  });
}

/** Rejects as soon as the engine is closed. in: closing, fires then */
export function orClosed<T>(work: Promise<T>, closing: AbortSignal): Promise<T> {
  return orEnded(work, closing, engineClosed);
}

/** in: end, called when the signal fires. out: rejects with what it returns */
function orEnded<T>(work: Promise<T>, signal: AbortSignal, end: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const onEnd = () => reject(end());
    if (signal.aborted) onEnd();
    signal.addEventListener("abort", onEnd, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onEnd));
  });
}
