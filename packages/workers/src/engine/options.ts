import { availableParallelism } from "node:os";
import {
  checkOptions,
  defaultsOf,
  integerFrom,
  invalidOption,
  type KernelChoice,
  type OptionTable,
  oneOf,
  requireBoolean,
} from "@emix/core";

/** Options of `createEngine`. */
export interface EngineOptions {
  /** Number of worker threads. Default: all cores this process may use. Never changes a result. */
  readonly threads?: number;
  /** true: the engine has a thread of its own and the caller's event loop stays free. Default true. */
  readonly offThread?: boolean;
  /** Bytes of shared memory that points may take. Default: no limit but the machine's. */
  readonly memoryLimit?: number;
  /**
   * Code of the hot loops. Default "auto", the fastest for the shape, or what the environment variable EMIX_KERNEL says.
   * "simd256" packs vectors by an experimental flag of V8 and is faster where `packsVectors()`; its last bits differ.
   * "auto256" is "auto" with it.
   */
  readonly kernel?: KernelChoice;
  /** true: the same bits on processors that fuse multiply and add and on those that do not. Default false. */
  readonly strict?: boolean;
  /** Where the worker module is, for bundles that moved it. */
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

/** Every option of an engine: what it means, its default, and what it must be. */
export const ENGINE_OPTIONS: OptionTable<EngineOptions> = {
  threads: {
    shownDefault: "all cores",
    check: integerFrom(1, MOST_THREADS),
    meaning: "number of worker threads; never changes a result",
  },
  offThread: {
    default: true,
    check: requireBoolean,
    meaning: "whether the engine has a thread of its own, so that the caller's event loop stays free",
  },
  memoryLimit: {
    default: Number.POSITIVE_INFINITY,
    shownDefault: "no limit",
    check: requireBytes,
    meaning: "bytes of shared memory that points may take",
  },
  kernel: {
    default: "auto",
    ...oneOf(KERNELS),
    meaning: "code of the hot loops",
  },
  strict: {
    default: false,
    check: requireBoolean,
    meaning: "whether processors that fuse multiply and add give the same bits as those that do not",
  },
  workerUrl: {
    shownDefault: "beside the package",
    check: requireUrl,
    meaning: "where the worker module is, for bundles that moved it",
  },
};

/** @throws UNKNOWN_OPTION, INVALID_OPTION */
export function resolveEngineOptions(options: EngineOptions): ResolvedEngineOptions {
  const given = checkOptions(ENGINE_OPTIONS, options);
  const all = { ...defaultsOf(ENGINE_OPTIONS), ...given } as Required<EngineOptions>;
  return {
    ...all,
    threads: given.threads ?? availableParallelism(),
    kernel: given.kernel ?? kernelOfEnvironment() ?? all.kernel,
    workerUrl: given.workerUrl?.toString(),
  };
}

/** @throws INVALID_OPTION */
function kernelOfEnvironment(): KernelChoice | undefined {
  const kernel = process.env.EMIX_KERNEL;
  if (kernel !== undefined) ENGINE_OPTIONS.kernel.check("EMIX_KERNEL", kernel);
  return kernel as KernelChoice | undefined;
}

function requireBytes(name: string, value: unknown): void {
  if (!(typeof value === "number" && value > 0)) throw invalidOption(name, "a number of bytes above 0", value);
}

function requireUrl(name: string, value: unknown): void {
  if (typeof value !== "string" && !(value instanceof URL)) throw invalidOption(name, "a string or a URL", value);
}
