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
  /** by kind of pass; "between" is time outside any pass */
  readonly phases: Readonly<Record<string, number>>;
  readonly iterations: number;
  readonly outsideLoad: number;
}

/** An executor that keeps the time of every kind of pass. */
class TimedExecutor implements Executor {
  readonly phases: Record<string, number>;
  readonly #inner: Executor;

  constructor(inner: Executor, phases: Record<string, number> = {}) {
    this.#inner = inner;
    this.phases = phases;
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

  over: Executor["over"] = (tiles) => new TimedExecutor(this.#inner.over(tiles), this.phases);

  pause: Executor["pause"] = () => this.#inner.pause();

  lend: Executor["lend"] = (bytes, use) => this.#inner.lend(bytes, use);

  async run<T>(pass: Pass, consume: (slots: Slots) => T | Promise<T>): Promise<T> {
    const began = performance.now();
    return this.#inner.run(pass, (slots) => {
      this.#add(pass.kind, performance.now() - began);
      return consume(slots);
    });
  }

  #add(kind: string, milliseconds: number): void {
    this.phases[kind] = (this.phases[kind] ?? 0) + milliseconds;
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
    const executor = new TimedExecutor(new ParallelExecutor(setting));
    const began = performance.now();
    const steps = fit(executor, options);
    let next = await steps.next();
    while (!next.done) next = await steps.next();
    const total = performance.now() - began;
    const inPasses = Object.values(executor.phases).reduce((sum, part) => sum + part, 0);
    return { total, iterations: next.value.iterations, phases: { ...executor.phases, between: total - inPasses } };
  };
  const outsideLoad = watchOutsideLoad();
  const cold = (await once()).total;
  const runs: Awaited<ReturnType<typeof once>>[] = [];
  for (let i = 0; i < repeats; i++) runs.push(await once());
  await pool?.close();
  const kinds = Object.keys(runs[0].phases);
  const least = (kind: string) => Math.min(...runs.map((run) => (run.phases as Record<string, number>)[kind]));
  return {
    load,
    cold,
    fit: Math.min(...runs.map(({ total }) => total)),
    phases: Object.fromEntries(kinds.map((kind) => [kind, least(kind)])),
    iterations: runs[0].iterations,
    outsideLoad: outsideLoad(),
  };
});
