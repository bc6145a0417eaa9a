import { fromPlainError, onlyKnown } from "@emix/core";
import { ownPoints, ownWeights } from "../intake/own-points.ts";
import type { PointsIntake } from "../intake/points-intake.ts";
import { type PointsPiece, PointsReceiver } from "../intake/receiver.ts";
import { isStream, receiveAll } from "../intake/stream.ts";
import { LoadedPoints } from "../loaded-points.ts";
import type { Backend, BackendOptions } from "./backend.ts";
import { type CloseOptions, drainInTime } from "./close.ts";
import { JobRunner } from "./job-runner.ts";
import { laterBackend } from "./later-backend.ts";
import { onlyDefined, requireControl } from "./methods/checks.ts";
import { KNOWN } from "./methods/names.ts";
import type {
  EnginePoints,
  LoadOptions,
  ReceiveOptions,
  SignalOption,
  StorageOption,
  StreamOptions,
} from "./methods/options.ts";
import type { ResolvedEngineOptions } from "./options.ts";

/** Ends the threads of engines that were dropped and never closed. */
const ABANDONED = new FinalizationRegistry<Backend>((backend) => void backend.close());

/** in: engineUrl, the module of a thread of its own; undefined: the backend is in this one @throws THREAD_NOT_STARTED */
async function openBackend(setUp: BackendOptions, engineUrl: string | undefined): Promise<Backend> {
  if (engineUrl === undefined) return (await import("./backend.ts")).localBackend(setUp);
  return (await import("./thread/remote-backend.ts")).remoteBackend(setUp, engineUrl);
}

/** The threads of an engine, and its memory. */
export class EngineHost {
  /** how many worker threads it has */
  readonly threads: number;
  /** how many bytes of shared memory all points may take together */
  readonly memoryLimit: number;
  /** @internal */
  protected readonly jobs: JobRunner;
  /** @internal whether the work that is not on worker threads is done in the calling thread */
  protected readonly isHere: boolean;
  readonly #backend: Backend;

  /** @internal Use `createEngine`. */
  constructor(options: ResolvedEngineOptions) {
    const { threads, kernel, strict, workerUrl, engineUrl, memoryLimit, stepTimeout } = options;
    const setUp = { threads, kernel, strict, workerUrl, stepTimeout };
    this.threads = threads;
    this.memoryLimit = memoryLimit;
    this.isHere = engineUrl === undefined;
    this.#backend = laterBackend(openBackend(setUp, engineUrl));
    this.jobs = new JobRunner(this.#backend, options);
    ABANDONED.register(this, this.#backend, this);
  }

  /**
   * Copies points into shared memory, where they can serve many calls. Results keep their order, however they are stored.
   * A stream (an async iterable of pieces) needs `features`, and the `dtype` if that is not "f64".
   */
  async load(points: EnginePoints, options?: LoadOptions & StorageOption & SignalOption): Promise<LoadedPoints>;
  async load(points: AsyncIterable<PointsPiece>, options: StreamOptions): Promise<LoadedPoints>;
  async load(
    points: EnginePoints | AsyncIterable<PointsPiece>,
    options: Partial<StreamOptions> = {},
  ): Promise<LoadedPoints> {
    if (isStream(points)) {
      const { features, dtype, rows, storage, ...rest } = onlyKnown(options, KNOWN.stream) as StreamOptions;
      requireControl(rest);
      return receiveAll(this.receive({ features, ...onlyDefined({ dtype, rows, storage }) }), points, rest);
    }
    const known = onlyKnown(options, KNOWN.load);
    requireControl(known);
    const [own, call] = [ownPoints(points), ownWeights(known)];
    return this.jobs.pass(() => this.jobs.intake.loadInOrder(own, call));
  }

  /** Takes points in pieces of any sizes, without a second copy of them. @throws UNKNOWN_OPTION, INVALID_OPTION, ALLOCATION_FAILED */
  receive(options: ReceiveOptions): PointsReceiver {
    return new PointsReceiver(onlyKnown(options, KNOWN.receive), {
      admit: this.jobs.intake.admit,
      folder: this.jobs.intake.folder,
      load: async (source, call) => {
        requireControl(call);
        return new LoadedPoints(await this.loadSource(source, call));
      },
    });
  }

  /** @internal Loads the points of a source as `load` does. */
  readonly loadSource: PointsIntake["loadSource"] = (source, options) =>
    this.jobs.pass(() => this.jobs.intake.loadSource(source, options));

  /** @internal Opens a file of saved points. */
  readonly openSaved: PointsIntake["openSaved"] = (path, options, take) =>
    this.jobs.pass(() => this.jobs.intake.openSaved(path, options, take));

  /** @internal Points as a mixture sees them; those in memory are gone then. */
  readonly transform: PointsIntake["transform"] = (points, transforms, placeOf) =>
    this.jobs.pass(() => this.jobs.intake.transform(points, transforms, placeOf));

  /** @internal Saves points as a file. */
  readonly saveAs: PointsIntake["save"] = (points, setting) =>
    this.jobs.pass(() => this.jobs.intake.save(points, setting));

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
    ABANDONED.unregister(this);
    if (this.usable) await this.#backend.close();
  }

  /** Closes the engine at the end of the block of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
