import { fromPlainError, onlyKnown } from "@emix/core";
import type { LoadedPoints } from "../loaded-points.ts";
import { type Backend, localBackend } from "./backend.ts";
import { type CloseOptions, drainInTime } from "./close.ts";
import { JobRunner } from "./job-runner.ts";
import { type EnginePoints, KNOWN, type LoadOptions, requireControl, type SignalOption } from "./method-options.ts";
import type { ResolvedEngineOptions } from "./options.ts";
import { remoteBackend } from "./remote-backend.ts";

/** The threads of an engine, and its memory. */
export class EngineHost {
  /** how many worker threads it has */
  readonly threads: number;
  /** how many bytes of shared memory all points may take together */
  readonly memoryLimit: number;
  /** @internal */
  protected readonly jobs: JobRunner;
  readonly #backend: Backend;

  /** @internal Use `createEngine`. */
  constructor(options: ResolvedEngineOptions) {
    const { threads, kernel, strict, workerUrl, engineUrl, memoryLimit, stepTimeout } = options;
    const setUp = { threads, kernel, strict, workerUrl, stepTimeout };
    this.threads = threads;
    this.memoryLimit = memoryLimit;
    this.#backend = engineUrl === undefined ? localBackend(setUp) : remoteBackend(setUp, engineUrl);
    this.jobs = new JobRunner(this.#backend, options);
  }

  /** Copies points into shared memory, where they can serve many calls. Results keep their order, however they are stored. */
  async load(points: EnginePoints, options: LoadOptions & SignalOption = {}): Promise<LoadedPoints> {
    const known = onlyKnown(options, KNOWN.load);
    requireControl(known);
    return this.jobs.pass(() => this.jobs.loadInOrder(points, known));
  }

  /** @internal Loads the points of a source as `load` does. */
  readonly loadSource: JobRunner["loadSource"] = (source, options) =>
    this.jobs.pass(() => this.jobs.loadSource(source, options));

  /** False once the engine was closed or its thread was lost. */
  get usable(): boolean {
    return this.#backend.usable;
  }

  /** @internal Waits until all threads have started, and closes the engine if they do not. @throws WORKER_LOST, ENGINE_LOST */
  async ready(): Promise<this> {
    const outcome = await this.#backend.ready();
    if (outcome.ok) return this;
    await this.close();
    throw fromPlainError(outcome.error);
  }

  /**
   * Closes the engine. Work under way rejects with ENGINE_CLOSED, unless it is drained.
   * Rejects with UNKNOWN_OPTION, INVALID_OPTION.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    await drainInTime(options, () => this.jobs.drain());
    this.jobs.close();
    if (this.usable) await this.#backend.close();
  }

  /** Closes the engine at the end of the block of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
