import {
  evaluatedBytes,
  featuresMismatch,
  type Mixture,
  openPoints,
  type PlanShape,
  resultsTooLarge,
  rowsGiven,
  type Tiles,
} from "@emix/core";
import { CancelFlag } from "../cancel.ts";
import { abortedWork } from "../errors.ts";
import { ownPoints, ownWeights } from "../intake/own-points.ts";
import { type IntakeSetting, PointsIntake } from "../intake/points-intake.ts";
import { fileOf, LoadedPoints } from "../loaded-points.ts";
import { availableBytes } from "../memory.ts";
import { pointsIdOf } from "../points-id.ts";
import { JobQueue, type QueueLimits } from "../queue/job-queue.ts";
import type { Place } from "../queue/place.ts";
import type { Backend } from "./backend.ts";
import { demandOf } from "./expected-work.ts";
import type { JobOf, JobResults, PointsJob, SampleJob } from "./job.ts";
import { Listener } from "./listener.ts";
import { requireControl, requireStored } from "./methods/checks.ts";
import type { CallOptions, EmStep, EnginePoints, LoadOptions } from "./methods/options.ts";
import { orAborted, orClosed, resultOf } from "./outcomes.ts";

type PointsJobKind = PointsJob["kind"];

/** Jobs that go over the points many times. */
const FITTING: ReadonlySet<PointsJobKind> = new Set(["fit", "bootstrap", "standardErrors", "em", "start"]);

/** Results of fewer bytes are never refused. */
const LARGE_RESULTS = 2 ** 28;

/** What a runner needs to know of its engine. */
export interface RunnerSetting extends QueueLimits, IntakeSetting {
  readonly threads: number;
}

/** Passes jobs and their points to a backend, and returns the answers. */
export class JobRunner {
  readonly intake: PointsIntake;
  readonly #backend: Backend;
  readonly #queue: JobQueue;
  readonly #threads: number;
  /** fires when the engine is closed: no backend waits for promises of `onStep`, so closing it does not end them */
  readonly #closing = new AbortController();

  constructor(backend: Backend, { memoryLimit, storageFolder, threads, ...limits }: RunnerSetting) {
    this.#backend = backend;
    this.#threads = threads;
    this.intake = new PointsIntake(backend, { memoryLimit, storageFolder });
    this.#queue = new JobQueue(limits, () => this.intake.free);
  }

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
    if (signal?.aborted) throw abortedWork(signal.reason);
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
    const { intake } = this;
    const { tiles } = await (FITTING.has(job.kind)
      ? intake.loadInOrder(points, options)
      : intake.load(points, options));
    requireFitting(job, tiles);
    requireRoom(job, tiles);
    const listener = new Listener(options.onStep, cancel);
    const hear = (steps: readonly EmStep[]) => {
      tell?.(steps);
      listener.hear(steps);
    };
    const file = fileOf(tiles);
    file?.hold();
    const work = this.#backend.perform({ job, tiles, pointsId: pointsIdOf(tiles), cancel: cancel.cell, place }, hear);
    work.then(() => {
      // If its thread was lost, others may still read.
      if (this.#backend.usable) file?.letGo();
      if (!(points instanceof LoadedPoints)) intake.giveBack(tiles);
    });
    const outcome = await orAborted(work, signal, cancel);
    await orClosed(orAborted(listener.settle(), signal, cancel), this.#closing.signal);
    if (listener.failed) throw listener.failure;
    return resultOf<K>(outcome);
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
    this.#closing.abort();
  }

  async draw(job: SampleJob): Promise<JobResults["sample"]> {
    requireBytes(job.count * (8 * job.mixture.features + 4));
    return resultOf<"sample">(await this.pass(() => this.#backend.perform({ job }, () => {})));
  }
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

/** @throws ALLOCATION_FAILED */
function requireRoom(job: PointsJob, tiles: Tiles): void {
  if (job.kind !== "evaluate") return;
  const copies = rowsGiven(tiles) > tiles.count || tiles.order !== null ? 2 : 1;
  requireBytes(copies * rowsGiven(tiles) * evaluatedBytes({ ...job.mixture, top: job.top }, job.quantities));
}

/** A thread whose memory ends takes all other work along, so large results are refused before they are begun. @throws ALLOCATION_FAILED */
function requireBytes(bytes: number): void {
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
