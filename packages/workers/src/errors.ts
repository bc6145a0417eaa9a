import { EmixError } from "@emix/core";

// All messages about engines and their threads: what happened, what to do.

export function aborted(reason?: unknown): EmixError {
  return new EmixError("ABORTED", "The work was stopped by its signal before it was done.", {}, reason);
}

export function engineClosed(): EmixError {
  return new EmixError("ENGINE_CLOSED", "The engine was closed before the work was done; create another one.");
}

export function engineLost(reason: string): EmixError {
  return new EmixError(
    "ENGINE_LOST",
    `The thread of the engine ended (${reason}) before the work was done; create another engine.`,
    { reason },
  );
}

export function workerLost(attempts: number, cause: unknown): EmixError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EmixError(
    "WORKER_LOST",
    `Worker threads died in ${attempts} attempts at the same work (${reason}); check that the machine has enough memory and, in a bundle, that \`workerUrl\` names the worker module.`,
    { attempts, reason },
    cause,
  );
}

export function allocationFailed(bytes: number, reason: string): EmixError {
  return new EmixError(
    "ALLOCATION_FAILED",
    `Could not allocate ${bytes} bytes of shared memory for the points (${reason}); fit fewer rows or features, or store the points as f32.`,
    { bytes, reason },
  );
}
