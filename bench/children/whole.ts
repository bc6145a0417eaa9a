import {
  type Executor,
  fit,
  type KernelKind,
  KernelPrograms,
  type Pass,
  resolveFitOptions,
  type Slots,
} from "@emix/core";
import { CancelFlag } from "../../packages/workers/src/cancel.ts";
import { ParallelExecutor } from "../../packages/workers/src/executors/parallel-executor.ts";
import { compilers } from "../../packages/workers/src/kernels/compile.ts";
import { loadPoints } from "../../packages/workers/src/loaded-points.ts";
import { SharedMemory } from "../../packages/workers/src/memory.ts";
import { createPool, type Pool } from "../../packages/workers/src/pool.ts";
import { loneTurns } from "../../packages/workers/src/queue/job-turns.ts";
import { threadModule } from "../../packages/workers/src/thread-modules.ts";
import { draw } from "../data.ts";
import { answer } from "../support/child.ts";
import { watchOutsideLoad } from "../support/outside-load.ts";
import { Phases } from "../support/phases.ts";
import type { Workload } from "../support/workloads.ts";

export interface WholeQuestion {
  readonly workload: Workload;
  readonly threads: number;
  readonly kernel: KernelKind;
  readonly iterations: number;
  readonly repeats: number;
}

/** Milliseconds of a warm fit by phase: the passes of each kind, and what is done between them. */
export interface WholeAnswer {
  readonly load: number;
  /** the first fit of the process */
  readonly cold: number;
  readonly fit: number;
  /** of the quickest fit, by kind of pass; "between" is time outside any pass; they add up to `fit` */
  readonly phases: Readonly<Record<string, number>>;
  readonly iterations: number;
  readonly outsideLoad: number;
}

/** An executor that keeps the time of every kind of pass; passes may run side by side, or one within another. */
class TimedExecutor implements Executor {
  readonly #phases: Phases;
  readonly #inner: Executor;

  constructor(inner: Executor, phases: Phases) {
    this.#inner = inner;
    this.#phases = phases;
  }

  get tiles() {
    return this.#inner.tiles;
  }

  get programs() {
    return this.#inner.programs;
  }

  get arithmetic() {
    return this.#inner.arithmetic;
  }

  get threads() {
    return this.#inner.threads;
  }

  over: Executor["over"] = (tiles) => new TimedExecutor(this.#inner.over(tiles), this.#phases);

  pause: Executor["pause"] = () => this.#inner.pause();

  lend: Executor["lend"] = (bytes, use) => this.#inner.lend(bytes, use);

  async run<T>(pass: Pass, consume: (slots: Slots) => T | Promise<T>): Promise<T> {
    this.#phases.begin(pass.kind);
    return this.#inner.run(pass, (slots) => {
      this.#phases.end(pass.kind);
      return consume(slots);
    });
  }
}

await answer(async ({ workload, threads, kernel, iterations, repeats }: WholeQuestion): Promise<WholeAnswer> => {
  const { points } = draw(workload);
  let pool: Pool | undefined;
  const openPool = async () => {
    pool ??= createPool(threads, threadModule("workerUrl"));
    return pool;
  };
  const loadBegan = performance.now();
  const { tiles } = await loadPoints(points, { allocate: (bytes) => new SharedArrayBuffer(bytes) });
  const load = performance.now() - loadBegan;
  const programs = new KernelPrograms({ kernel }, compilers());
  const memory = new SharedMemory();
  const { components, covarianceType } = workload;
  const options = resolveFitOptions({ components, covarianceType, seed: 1, maxIterations: iterations, tolerance: 0 });

  const once = async () => {
    const setting = {
      pool: openPool,
      threads,
      tiles,
      programs,
      arithmetic: "f64",
      memory,
      cancel: new CancelFlag(),
      turns: loneTurns(),
      stepTimeout: 60_000,
    } as const;
    const timed = new Phases();
    const steps = fit(new TimedExecutor(new ParallelExecutor(setting), timed), options);
    let next = await steps.next();
    while (!next.done) next = await steps.next();
    const phases = timed.read();
    const total = Object.values(phases).reduce((sum, part) => sum + part, 0);
    return { total, iterations: next.value.iterations, phases };
  };
  const outsideLoad = watchOutsideLoad();
  const cold = (await once()).total;
  const runs: Awaited<ReturnType<typeof once>>[] = [];
  for (let i = 0; i < repeats; i++) runs.push(await once());
  await pool?.close();
  const quickest = runs.toSorted((a, b) => a.total - b.total)[0];
  return {
    load,
    cold,
    fit: quickest.total,
    phases: quickest.phases,
    iterations: quickest.iterations,
    outsideLoad: outsideLoad(),
  };
});
