import { EmixError } from "@emix/core";

// All messages about clusters: what was expected, what came, what to do.

export function badParcel(problem: string): EmixError {
  return new EmixError(
    "CLUSTER_MISMATCH",
    `Expected a message of emix in Redis, and one could not be read: ${problem}; let nothing else write keys with the cluster's prefix.`,
    { problem },
  );
}

export function badJob(problem: string): EmixError {
  return new EmixError(
    "CLUSTER_MISMATCH",
    `Expected a job of emix, got one that is none: ${problem}; let nothing else add jobs with the cluster's prefix.`,
    { problem },
  );
}

export function otherProtocol(expected: number, got: unknown): EmixError {
  return new EmixError(
    "CLUSTER_MISMATCH",
    `Expected jobs of protocol ${expected}, got ${JSON.stringify(got)}; run one version of emix for the fit and for all workers, or give each version a prefix of its own.`,
    { expected, got },
  );
}

export function otherArithmetic(what: string, expected: unknown, got: unknown): EmixError {
  return new EmixError(
    "CLUSTER_MISMATCH",
    `Expected a worker with ${what} ${JSON.stringify(expected)}, as where the fit runs, got ${JSON.stringify(got)}; their last bits would differ, so use machines of one kind, or \`strict\`.`,
    { what, expected, got },
  );
}

export function redisUnfit(expected: string, got: string, advice: string, cause?: unknown): EmixError {
  return new EmixError("CLUSTER_REDIS", `Expected ${expected}, got ${got}; ${advice}.`, { expected, got }, cause);
}

export function noWorkers(seconds: number): EmixError {
  return new EmixError(
    "CLUSTER_EMPTY",
    `No worker was there for ${seconds} s; start some with \`emix worker --redis\`, with the same prefix.`,
    { seconds },
  );
}

export function partitionLost(attempts: number, reason: string): EmixError {
  return new EmixError(
    "WORKER_LOST",
    `Workers died in ${attempts} attempts at the same partition of the points (${reason}); check that each has enough memory for it.`,
    { attempts, reason },
  );
}

export function fileChanged(path: string): EmixError {
  return new EmixError(
    "FILE_CHANGED",
    `${path} is not the file that the fit began with; begin again when nobody writes it, and let all workers have the same files.`,
    { path },
  );
}

export function fileRefused(path: string): EmixError {
  return new EmixError(
    "FILE_REFUSED",
    `Expected a path below the workers' root, got ${JSON.stringify(path)}; give a path relative to \`--root\` of the workers, without links that lead out of it.`,
    { path },
  );
}

export function noFile(pattern: string): EmixError {
  return new EmixError(
    "FILE_NOT_FOUND",
    `Expected files that match ${JSON.stringify(pattern)} below the workers' root, found none; check the pattern and the workers' \`root\`.`,
    { path: pattern },
  );
}

export function noRoot(path: string): EmixError {
  return new EmixError(
    "FILE_NOT_FOUND",
    `Expected a folder at ${path}, the \`root\` of the worker; it cannot be found.`,
    {
      path,
    },
  );
}

export function needsMemory(bytes: number, limit: number): EmixError {
  return new EmixError(
    "ALLOCATION_FAILED",
    `A partition of the points, or what is asked about it, takes ${bytes} bytes, and the worker's memoryLimit is ${limit}; start more workers, or let them have more.`,
    { bytes, limit },
  );
}

export function rangeOfNumbers(feature: number): EmixError {
  return new EmixError(
    "OVERFLOW",
    `Numbers of feature ${feature} are above 2^440 or all below 2^-300, which points on several machines may not be; divide the feature by a power of two.`,
    { feature },
  );
}

export function noOutput(): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    "Expected workers with a folder for what `predict` writes, got one without; start all workers with `emix worker --output FOLDER`.",
    { option: "output" },
  );
}

export function outputRefused(path: string): EmixError {
  return new EmixError(
    "FILE_REFUSED",
    `Expected a path below the folder that workers write to, got ${JSON.stringify(path)}; give a path relative to \`--output\` of the workers, without links that lead out of it.`,
    { path },
  );
}

export function outputFailed(path: string, cause: unknown): EmixError {
  if (cause instanceof EmixError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EmixError(
    "BAD_FILE",
    `Could not write ${path} below the workers' folder of outputs: ${reason}.`,
    { path },
    cause,
  );
}
