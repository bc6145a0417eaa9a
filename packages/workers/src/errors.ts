import { EmixError } from "@emix/core";

// All messages about engines and their threads: what happened, what to do.

export function abortedWork(reason?: unknown): EmixError {
  return new EmixError("ABORTED", "The work was stopped by its signal before it was done.", {}, reason);
}

export function engineClosed(): EmixError {
  return new EmixError("ENGINE_CLOSED", "The engine was closed before the work was done; create another one.");
}

/** in: present, jobs that wait or are under way; retryAfter, in milliseconds */
export function queueFull(present: number, maxQueue: number, retryAfter: number): EmixError {
  return new EmixError(
    "QUEUE_FULL",
    `Expected at most ${maxQueue} fits to wait (\`maxQueue\`), and ${present} are waiting or under way; try again in ${retryAfter} ms, or create the engine with a greater \`maxQueue\`.`,
    { present, maxQueue, retryAfter },
  );
}

/** in: milliseconds, without a block of points being done */
export function stepTimeout(attempts: number, milliseconds: number): EmixError {
  return new EmixError(
    "STEP_TIMEOUT",
    `Worker threads did nothing for ${milliseconds} ms in each of ${attempts} attempts at the same work; if the machine is that slow, create the engine with a greater \`stepTimeout\`.`,
    { attempts, milliseconds },
  );
}

/** in: what is wrong with it, as a clause */
export function badCheckpoint(path: string, what: string): EmixError {
  return new EmixError(
    "BAD_CHECKPOINT",
    `Expected ${path} to be a checkpoint, but ${what}; begin the fit again, or name another file.`,
    { path },
  );
}

/** in: different, names of what differs */
export function checkpointMismatch(path: string, different: readonly string[]): EmixError {
  return new EmixError(
    "CHECKPOINT_MISMATCH",
    `Expected what the fit of ${path} began with, but this differs: ${different.join(", ")}; resume with the same points, weights and engine options, or begin again.`,
    { path, different },
  );
}

export function checkpointFailed(path: string, cause: unknown): EmixError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EmixError(
    "CHECKPOINT_FAILED",
    `Could not write the checkpoint ${path} (${reason}); make room, or name a file that can be written. An older checkpoint there is whole.`,
    { path, reason },
    cause,
  );
}

export function pointsDisposed(): EmixError {
  return new EmixError("POINTS_DISPOSED", "These points were disposed of; load them again.");
}

export function engineLost(reason: string): EmixError {
  return new EmixError(
    "ENGINE_LOST",
    `The thread of the engine ended (${reason}) before the work was done; create another engine.`,
    { reason },
  );
}

/** in: name, of the module; url, where it was looked for */
export function threadNotFound(option: string, name: string, url: string | undefined): EmixError {
  const place = url === undefined ? "beside a module that does not know its own place" : `at ${url}`;
  return new EmixError(
    "THREAD_NOT_STARTED",
    `Expected the module ${name} of emix's threads ${place}, and it cannot be found there. In a bundle, build \`${ENTRIES[name]}\` as ${name} beside the bundle, or say with \`${option}\` where it is; under --permission, allow it to be read.`,
    { option, url },
  );
}

export function threadRefused(cause: unknown): EmixError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EmixError(
    "THREAD_NOT_STARTED",
    `Node started no thread (${reason}); under --permission, allow emix its threads with --allow-worker.`,
    { reason },
    cause,
  );
}

/** What bundlers know the modules of threads by. */
const ENTRIES: Readonly<Record<string, string>> = { "emix-worker": "emix/worker", "emix-engine": "emix/engine" };

export function workerLost(attempts: number, cause: unknown): EmixError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EmixError(
    "WORKER_LOST",
    `Worker threads died in ${attempts} attempts at the same work (${reason}); check that the machine has enough memory and that \`workerUrl\`, if given, names the module of emix's workers.`,
    { attempts, reason },
    cause,
  );
}

export function allocationFailed(bytes: number, reason: string): EmixError {
  return new EmixError(
    "ALLOCATION_FAILED",
    `Could not allocate ${bytes} bytes of shared memory for the points (${reason}); fit fewer rows or features, store the points as f32, or load them with \`storage: "file"\`.`,
    { bytes, reason },
  );
}

/** in: path, of the file or its folder */
export function storageFailed(path: string, cause: unknown): EmixError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EmixError(
    "STORAGE_FAILED",
    `Points could not be written to or read from a file in ${path} (${reason}); make room, or create the engine with another \`storageFolder\`.`,
    { path, reason },
    cause,
  );
}

/** in: what is wrong with it, as a clause */
export function badSavedPoints(path: string, what: string, cause?: unknown): EmixError {
  const message = `Expected ${path} to be a file of saved points, but ${what}; save the points again with this emix, from their source.`;
  return new EmixError("BAD_FILE", message, { path }, cause);
}

export function noSavedPoints(path: string): EmixError {
  return new EmixError("FILE_NOT_FOUND", `Expected a file of saved points at ${path}, found none; check the path.`, {
    path,
  });
}

export function notSaved(path: string, cause: unknown): EmixError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EmixError(
    "STORAGE_FAILED",
    `Could not save points as ${path} (${reason}); make room, or name a file that can be written. A file that was there before is whole.`,
    { path, reason },
    cause,
  );
}

/** in: rows, how many were announced; numbers, how many came */
export function otherRowCount(rows: number | undefined, features: number, numbers: number): EmixError {
  const expected = rows === undefined ? `a multiple of features = ${features}` : `${rows} × ${features}`;
  return new EmixError("INVALID_POINTS", `Expected all pieces together to be ${expected} numbers, got ${numbers}.`, {
    rows,
    features,
    numbers,
  });
}

export function receiverEnded(): EmixError {
  return new EmixError(
    "INVALID_POINTS",
    "Expected pieces before `end`; to receive other points, call `receive` again.",
  );
}
