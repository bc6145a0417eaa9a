import { availableParallelism } from "node:os";
import { invalidOption, type KernelChoice, onlyKnown, requireInteger, requireOneOf } from "@emix/core";

/** Options of `createEngine`. */
export interface EngineOptions {
  /** Worker threads. Default: all cores this process may use. Never changes a result. */
  readonly threads?: number;
  /** true: the engine has a thread of its own and the caller's event loop stays free. Default true. */
  readonly offThread?: boolean;
  /** Bytes that points may take in shared memory. Default: no limit but the machine's. */
  readonly memoryLimit?: number;
  /**
   * Default "auto", the fastest for the shape; the environment variable EMIX_KERNEL forces one as well. "simd256" packs
   * vectors by an experimental flag of V8 and is faster where `packsVectors()`; it has bits of its own. "auto256" is
   * "auto" with it.
   */
  readonly kernel?: KernelChoice;
  /** true: the same bits on processors that fuse multiply and add and on those that do not. Default false. */
  readonly strict?: boolean;
  /** Where the worker module lies, for bundles that have moved it. */
  readonly workerUrl?: string | URL;
}

export interface ResolvedEngineOptions {
  readonly threads: number;
  readonly offThread: boolean;
  readonly memoryLimit: number;
  readonly kernel: KernelChoice;
  readonly strict: boolean;
  readonly workerUrl: string | undefined;
}

const KERNELS: readonly KernelChoice[] = ["auto", "auto256", "reference", "simd", "simd256"];
const MOST_THREADS = 1024;

/** @throws UNKNOWN_OPTION, INVALID_OPTION */
export function resolveEngineOptions(options: EngineOptions): ResolvedEngineOptions {
  const known = ["threads", "offThread", "memoryLimit", "kernel", "strict", "workerUrl"];
  const given = onlyKnown(options, known);
  const threads = given.threads ?? availableParallelism();
  requireInteger("threads", threads, 1);
  if (threads > MOST_THREADS) throw invalidOption("threads", `at most ${MOST_THREADS}`, threads);
  const memoryLimit = given.memoryLimit ?? Number.POSITIVE_INFINITY;
  if (!(typeof memoryLimit === "number" && memoryLimit > 0))
    throw invalidOption("memoryLimit", "a number of bytes above 0", memoryLimit);
  const { offThread = true, strict = false } = given;
  requireBoolean("offThread", offThread);
  requireBoolean("strict", strict);
  const kernel = given.kernel ?? (process.env.EMIX_KERNEL as KernelChoice | undefined) ?? "auto";
  requireOneOf("kernel", kernel, KERNELS);
  return { threads, offThread, memoryLimit, kernel, strict, workerUrl: given.workerUrl?.toString() };
}

function requireBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw invalidOption(name, "true or false", value);
}
