import { fromPlainError } from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import { abortedWork } from "../errors.ts";
import type { Outcome } from "./backend.ts";
import type { JobKind, JobResults } from "./job.ts";

export function resultOf<K extends JobKind>(outcome: Outcome): JobResults[K] {
  if (outcome.ok) return outcome.value as JobResults[K];
  throw fromPlainError(outcome.error);
}

/** Rejects as soon as the signal fires. The work itself ends at its next block. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, cancel: CancelFlag): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel.set();
      reject(abortedWork(signal.reason));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
