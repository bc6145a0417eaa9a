import { availableParallelism, tmpdir } from "node:os";
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
import { threadModule } from "../thread-modules.ts";

/** Options of `createEngine`. */
export interface EngineOptions {
  /** Number of worker threads. Default: all cores this process may use. Never changes a result. */
  readonly threads?: number;
  /** true: the engine has a thread of its own, so that the caller's event loop stays free. Default true. */
  readonly offThread?: boolean;
  /** How many bytes of shared memory all points of the engine may take together. Default: what the container allows. */
  readonly memoryLimit?: number;
  /** The folder in which points with `storage: "file"` are kept. Default: that of the system for temporary files. */
  readonly storageFolder?: string;
  /** How many fits may be under way at once, and take turns at the threads. Default 8. Never changes a result. */
  readonly maxConcurrent?: number;
  /** How many more fits may wait; one too many rejects with QUEUE_FULL. Default 10,000. */
  readonly maxQueue?: number;
  /**
   * How long worker threads may stand still at one block of points, in milliseconds, before they are replaced; after three
   * times in a row the work rejects with STEP_TIMEOUT. Default 60,000.
   */
  readonly stepTimeout?: number;
  /**
   * The code of the hot loops. Default "auto", which picks "reference" or "simd" by shape; the environment variable
   * EMIX_KERNEL can set another default. "simd256" uses an experimental flag of V8 and is faster where V8 packs
   * vectors; its results have the bits of "simd". "auto256" picks it too, where a step takes milliseconds.
   */
  readonly kernel?: KernelChoice;
  /** true: the same bits on processors with and without fused multiply-add. Default false. */
  readonly strict?: boolean;
  /** The URL of the module `emix/worker`, if a bundler moved it. Default: emix-worker beside this module. */
  readonly workerUrl?: string | URL;
  /** The URL of the module `emix/engine`, if a bundler moved it. Default: emix-engine beside this module. */
  readonly engineUrl?: string | URL;
}

export interface ResolvedEngineOptions {
  readonly threads: number;
  readonly offThread: boolean;
  readonly memoryLimit: number;
  readonly storageFolder: string;
  readonly maxConcurrent: number;
  readonly maxQueue: number;
  readonly stepTimeout: number;
  readonly kernel: KernelChoice;
  readonly strict: boolean;
  readonly workerUrl: string;
  /** undefined: the engine has no thread of its own */
  readonly engineUrl: string | undefined;
}

const KERNELS: readonly KernelChoice[] = ["auto", "auto256", "reference", "simd", "simd256"];
const MOST_THREADS = 1024;

/** Every option of an engine: what it means, its default, and what is accepted. */
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
    shownDefault: "what the container allows",
    check: requireBytes,
    meaning: "bytes of shared memory that all points of the engine may take together",
  },
  storageFolder: {
    shownDefault: "that of the system for temporary files",
    check: requireFolder,
    meaning: 'the folder in which points with `storage: "file"` are kept',
  },
  maxConcurrent: {
    default: 8,
    check: integerFrom(1),
    meaning: "how many fits may be under way at once, and take turns at the threads",
  },
  maxQueue: {
    default: 10_000,
    check: integerFrom(0),
    meaning: "how many more fits may wait; one too many rejects with QUEUE_FULL",
  },
  stepTimeout: {
    default: 60_000,
    check: integerFrom(1),
    meaning: "milliseconds that worker threads may stand still at one block of points before they are replaced",
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
    shownDefault: "emix-worker beside the package's module",
    check: requireUrl,
    meaning: "where the module `emix/worker` is, if a bundler moved it",
  },
  engineUrl: {
    shownDefault: "emix-engine beside the package's module",
    check: requireUrl,
    meaning: "where the module `emix/engine` is, if a bundler moved it",
  },
};

/** @throws UNKNOWN_OPTION, INVALID_OPTION, THREAD_NOT_STARTED */
export function resolveEngineOptions(options: EngineOptions): ResolvedEngineOptions {
  const given = checkOptions(ENGINE_OPTIONS, options);
  const all = { ...defaultsOf(ENGINE_OPTIONS), ...given } as Required<EngineOptions>;
  return {
    ...all,
    threads: given.threads ?? availableParallelism(),
    memoryLimit: given.memoryLimit ?? memoryOfContainer(),
    storageFolder: given.storageFolder ?? tmpdir(),
    kernel: given.kernel ?? kernelOfEnvironment() ?? all.kernel,
    workerUrl: threadModule("workerUrl", given.workerUrl?.toString()),
    engineUrl: all.offThread ? threadModule("engineUrl", given.engineUrl?.toString()) : undefined,
  };
}

/** Above so many bytes, Node means that there is no limit. */
const NO_LIMIT = 2 ** 60;

/** What a container allows; ∞ where there is none. */
function memoryOfContainer(): number {
  const bytes = process.constrainedMemory();
  return bytes > 0 && bytes < NO_LIMIT ? bytes : Number.POSITIVE_INFINITY;
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

function requireFolder(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") throw invalidOption(name, "the path of a folder", value);
}

function requireUrl(name: string, value: unknown): void {
  if (typeof value !== "string" && !(value instanceof URL)) throw invalidOption(name, "a string or a URL", value);
}
