import {
  areOrdered,
  evaluatedBytes,
  featuresMismatch,
  fromPlainError,
  type Mixture,
  openPoints,
  type PlanShape,
  type PointSource,
  resultsTooLarge,
  rowsGiven,
  type Tiles,
} from "@emix/core";
import { CancelFlag } from "../cancel.ts";
import { aborted } from "../errors.ts";
import { ownPoints, ownWeights } from "../intake/own-points.ts";
import { LoadedPoints, loadPoints, loadTiles } from "../loaded-points.ts";
import { availableBytes } from "../memory.ts";
import { PointsMemory } from "../points-memory.ts";
import { JobQueue, type QueueLimits } from "../queue/job-queue.ts";
import type { Place } from "../queue/place.ts";
import { threadsStartQuietly } from "../thread-modules.ts";
import type { Backend, Outcome } from "./backend.ts";
import { demandOf } from "./expected-work.ts";
import type { JobKind, JobOf, JobResults, PointsJob, SampleJob } from "./job.ts";
import { Listener } from "./listener.ts";
import { requireControl, requireStored } from "./methods/checks.ts";
import type { CallOptions, EmStep, EnginePoints, LoadOptions, SignalOption } from "./methods/options.ts";

type PointsJobKind = PointsJob["kind"];

/** Jobs that go over the points many times. */
const FITTING: ReadonlySet<PointsJobKind> = new Set(["fit", "bootstrap", "standardErrors", "em", "start"]);

/** Of points: most passes over so many take threads. This changes when threads start, never a result. */
const MANY_BYTES = 2 ** 20;

/** Results of fewer bytes are never refused. */
const LARGE_RESULTS = 2 ** 28;

/** Points are put in order as soon as they are there. */
const AT_ONCE: Place = { priority: 0, expected: 0 };

/** What a runner needs to know of its engine. */
export interface RunnerSetting extends QueueLimits {
  /** how many bytes all points of the engine may take together */
  readonly memoryLimit: number;
  readonly threads: number;
}

/** Passes jobs and their points to a backend, and returns the answers. */
export class JobRunner {
  readonly #backend: Backend;
  readonly #memory: PointsMemory;
  readonly #queue: JobQueue;
  readonly #threads: number;

  constructor(backend: Backend, { memoryLimit, threads, ...limits }: RunnerSetting) {
    this.#backend = backend;
    this.#threads = threads;
    this.#memory = new PointsMemory(memoryLimit);
    this.#queue = new JobQueue(limits, () => this.#memory.free);
  }

  /** Refuses so many bytes of points if they are too many. @throws ALLOCATION_FAILED */
  readonly admit = (bytes: number): void => this.#memory.admit(bytes);

  load(points: EnginePoints, { pointWeights, missing, signal }: LoadOptions & SignalOption): Promise<LoadedPoints> {
    return loadPoints(points, { pointWeights, missing, signal, allocate: this.#allocate });
  }

  /** Loads points that are to be fitted. */
  async loadInOrder(points: EnginePoints, options: LoadOptions & SignalOption): Promise<LoadedPoints> {
    requireControl(options);
    if (points instanceof LoadedPoints) return this.load(points, options);
    return new LoadedPoints(await this.loadSource(openPoints(points), options));
  }

  /** Loads the points of a source, and puts them in an order that is fast to fit if they are many. */
  async loadSource(source: PointSource, { pointWeights, missing, signal }: LoadOptions & SignalOption): Promise<Tiles> {
    const allocate = this.#allocate;
    const tiles = await loadTiles(source, { pointWeights, missing, signal, allocate });
    if (!areOrdered(tiles)) return tiles;
    const order = new Uint32Array(allocate(tiles.count * 4));
    const cancel = new CancelFlag();
    const work = this.#backend.perform(
      { job: { kind: "order", order }, tiles, cancel: cancel.cell, place: AT_ONCE },
      () => {},
    );
    resultOf<"order">(await orAborted(work, signal, cancel));
    return { ...tiles, order };
  }

  /** Allocates shared memory for points. Many points mean work for threads; these start while the points are loaded. */
  readonly #allocate = (bytes: number): SharedArrayBuffer => {
    if (bytes >= MANY_BYTES && threadsStartQuietly()) this.#backend.warmUp();
    return this.#memory.allocate(bytes);
  };

  /** @param tell gets the steps before the caller's own `onStep` does */
  async run<K extends PointsJobKind>(
    job: JobOf<K> & PointsJob & { kind: K },
    given: EnginePoints,
    call: CallOptions,
    tell?: (steps: readonly EmStep[]) => void,
  ): Promise<JobResults[K]> {
    requireControl(call);
    const [points, options] = [ownPoints(given), ownWeights(call)];
    const { signal, priority = 0 } = options;
    if (signal?.aborted) throw aborted(signal.reason);
    const demand = { priority, ...demandOf(job, shapeOf(points, options), this.#threads) };
    const work = () => this.#perform<K>(job, points, options, { place: demand, ...(tell && { tell }) });
    const { kind }: PointsJob = job;
    return FITTING.has(kind) ? this.#queue.enter(demand, work, signal) : this.pass(work);
  }

  async #perform<K extends PointsJobKind>(
    job: PointsJob,
    points: EnginePoints,
    options: CallOptions,
    { place, tell }: { readonly place: Place; readonly tell?: (steps: readonly EmStep[]) => void },
  ): Promise<JobResults[K]> {
    const { signal, flag: cancel = new CancelFlag() } = options;
    const load = FITTING.has(job.kind) ? this.loadInOrder : this.load;
    const { tiles } = await load.call(this, points, options);
    requireFitting(job, tiles);
    requireRoom(job, tiles);
    const listener = new Listener(options.onStep, cancel);
    const hear = (steps: readonly EmStep[]) => {
      tell?.(steps);
      listener.hear(steps);
    };
    const work = this.#backend.perform({ job, tiles, cancel: cancel.cell, place }, hear);
    if (!(points instanceof LoadedPoints)) work.then(() => this.#giveBack(tiles));
    const outcome = await orAborted(work, signal, cancel);
    await listener.settled();
    if (listener.failed) throw listener.failure;
    return resultOf<K>(outcome);
  }

  /** The memory of points that were loaded for a job that has ended. If its thread was lost, others may still use it. */
  #giveBack({ data, pointWeights, dropped, order }: Tiles): void {
    if (!this.#backend.usable) return;
    for (const array of [data, pointWeights, dropped, order]) {
      if (array?.buffer instanceof SharedArrayBuffer) this.#memory.giveBack(array.buffer);
    }
  }

  /** Does work that waits for none. */
  pass<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.pass(work);
  }

  /** Refuses new work; done once the rest is. */
  drain(): Promise<void> {
    return this.#queue.drain();
  }

  /** Refuses new work, and what waits. */
  close(): void {
    this.#queue.close();
  }

  async draw(job: SampleJob): Promise<JobResults["sample"]> {
    return resultOf<"sample">(await this.pass(() => this.#backend.perform({ job }, () => {})));
  }
}

function resultOf<K extends JobKind>(outcome: Outcome): JobResults[K] {
  if (outcome.ok) return outcome.value as JobResults[K];
  throw fromPlainError(outcome.error);
}

/** What is known of points before they are loaded. @throws as `openPoints` */
function shapeOf(points: EnginePoints, { pointWeights }: LoadOptions): PlanShape {
  const weighted = pointWeights !== undefined;
  if (points instanceof LoadedPoints) return { points: points.count, features: points.features, weighted };
  const source = openPoints(points);
  return { points: source.count("error").rows, features: source.features, dtype: source.dtype, weighted };
}

/** Refuses a job that cannot be done with these points. @throws FEATURES_MISMATCH, INVALID_OPTION */
function requireFitting(job: PointsJob, tiles: Tiles): void {
  const { features } = tiles;
  const mixture = mixtureOf(job);
  if (mixture !== undefined && mixture.features !== features) throw featuresMismatch(mixture.features, features);
  if (job.kind === "fit") requireStored(job.options, tiles);
}

/** A thread whose memory ends takes all other work along, so large results are refused before they are begun. @throws ALLOCATION_FAILED */
function requireRoom(job: PointsJob, tiles: Tiles): void {
  if (job.kind !== "evaluate") return;
  const copies = rowsGiven(tiles) > tiles.count || tiles.order !== null ? 2 : 1;
  const bytes = copies * rowsGiven(tiles) * evaluatedBytes({ ...job.mixture, top: job.top }, job.quantities);
  if (bytes < LARGE_RESULTS) return;
  const available = availableBytes();
  if (bytes > available) throw resultsTooLarge(bytes, `the process can take ${available} more`);
}

/** The mixture of a job, or the one from which a fit starts. */
function mixtureOf(job: PointsJob): Mixture | undefined {
  if ("mixture" in job) return job.mixture;
  const start = job.kind === "fit" ? job.options.initialization : undefined;
  return typeof start === "object" && "covarianceType" in start ? start : undefined;
}

/** Rejects as soon as the signal fires. The work itself ends at its next block. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, cancel: CancelFlag): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel.set();
      reject(aborted(signal.reason));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
