import {
  type Arithmetic,
  type Executor,
  KernelCache,
  type KernelChoice,
  KernelPrograms,
  type KernelSettings,
  type Tiles,
} from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import { engineClosed } from "../errors.ts";
import { compilers, PLAIN_COMPILERS } from "../kernels/compile.ts";
import { SharedMemory } from "../memory.ts";
import type { Pool } from "../pool.ts";
import { type JobTurns, loneTurns } from "../queue/job-turns.ts";
import { collectGarbage } from "../v8/garbage.ts";
import { ParallelExecutor } from "./parallel-executor.ts";
import { type RunAlone, startRunner } from "./start-runner.ts";

/** How threads are set up, as plain data. */
export interface TeamOptions extends KernelSettings {
  readonly threads: number;
  /** the module of the workers */
  readonly workerUrl: string;
  /** how long workers may stand still at one block of points, in milliseconds */
  readonly stepTimeout: number;
}

/** How a job uses the threads. */
export interface TeamJob {
  readonly cancel: CancelFlag;
  /** Default "f64". */
  readonly arithmetic?: Arithmetic;
  /** Default: it has them to itself. */
  readonly turns?: JobTurns;
  /** of the points; default: of this thread */
  readonly pointsId?: number | undefined;
}

/** Workers that make starts compile nothing with flags, so they do without packed kernels. */
const UNPACKED: Readonly<Record<KernelChoice, KernelChoice>> = {
  reference: "reference",
  simd: "simd",
  simd256: "simd",
  auto: "auto",
  auto256: "auto",
};

/** The worker threads of a process, and what executors share that use them. The pool is made when it is first needed. */
export class Team {
  readonly threads: number;
  readonly programs: KernelPrograms;
  readonly memory: SharedMemory = new SharedMemory();
  readonly #workerUrl: string;
  readonly #stepTimeout: number;
  readonly #unpacked: KernelSettings;
  readonly #startPrograms: KernelPrograms;
  /** the kernels of the coordinating thread */
  readonly #kernels = new KernelCache();
  #pool: Promise<Pool> | undefined;
  #closed = false;

  constructor({ threads, workerUrl, stepTimeout, ...settings }: TeamOptions) {
    this.#stepTimeout = stepTimeout;
    this.threads = threads;
    this.#workerUrl = workerUrl;
    this.programs = new KernelPrograms(settings, compilers());
    this.#unpacked = { ...settings, kernel: UNPACKED[settings.kernel] };
    this.#startPrograms = new KernelPrograms(this.#unpacked, PLAIN_COMPILERS);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @throws ENGINE_CLOSED */
  readonly pool = async (): Promise<Pool> => {
    if (this.#closed) throw engineClosed();
    this.#pool ??= import("../pool.ts").then(({ createPool }) => createPool(this.threads, this.#workerUrl));
    return this.#pool;
  };

  /** Runs passes over points in shared memory. */
  executor(tiles: Tiles, { arithmetic = "f64", turns = loneTurns(), pointsId, cancel }: TeamJob): Executor {
    const { threads, programs, memory, pool } = this;
    const setting = { pool, cancel, turns, pointsId, stepTimeout: this.#stepTimeout };
    return new ParallelExecutor({ ...setting, threads, tiles, programs, arithmetic, memory }, this.#kernels);
  }

  /** Does jobs on one thread each. */
  runAlone({ cancel, turns = loneTurns() }: TeamJob): RunAlone {
    const setting = { pool: this.pool, cancel, turns, stepTimeout: this.#stepTimeout };
    return startRunner({ ...setting, settings: this.#unpacked, programs: this.#startPrograms, kernels: this.#kernels });
  }

  /** Lets go of memory that passes of other sizes will not ask for. */
  async forget(): Promise<void> {
    this.memory.forget();
    await this.collect();
  }

  /** Has this thread and its workers collect their garbage, which keeps shared memory alive. */
  async collect(): Promise<void> {
    collectGarbage();
    const opened = await this.#pool;
    await opened?.collect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opened = await this.#pool?.catch(() => undefined);
    await opened?.close();
  }
}
