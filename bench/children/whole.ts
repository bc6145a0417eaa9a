import {
  type Executor,
  type FitSurroundings,
  fit,
  type KernelKind,
  type Pass,
  resolveFitOptions,
  type Slots,
} from "@emix/core";
import { CancelFlag } from "../../packages/workers/src/cancel.ts";
import { Team } from "../../packages/workers/src/executors/team.ts";
import { loadPoints } from "../../packages/workers/src/loaded-points.ts";
import { threadModule } from "../../packages/workers/src/thread-modules.ts";
import { draw } from "../data.ts";
import { answer } from "../support/child.ts";
import { watchOutsideLoad } from "../support/outside-load.ts";
import { Phases } from "../support/phases.ts";
import type { Workload } from "../support/workloads.ts";

type RunStart = NonNullable<FitSurroundings["runStart"]>;

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
  /**
   * of the quickest fit, by kind of pass; "start" is what threads do for starts on a sample, "between" time outside all of these; they
   * add up to `fit`
   */
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
  const workerUrl = threadModule("workerUrl");
  const team = new Team({ threads, workerUrl, stepTimeout: 60_000, kernel, strict: false });
  const loadBegan = performance.now();
  const { tiles } = await loadPoints(points, { allocate: (bytes) => new SharedArrayBuffer(bytes) });
  const load = performance.now() - loadBegan;
  const { components, covarianceType } = workload;
  const options = resolveFitOptions({ components, covarianceType, seed: 1, maxIterations: iterations, tolerance: 0 });

  const once = async () => {
    const job = { cancel: new CancelFlag() };
    const timed = new Phases();
    const runAlone = team.runAlone(job);
    const runStart: RunStart = async (start) => {
      timed.begin("start");
      try {
        return await runAlone(start);
      } finally {
        timed.end("start");
      }
    };
    const steps = fit(new TimedExecutor(team.executor(tiles, job), timed), options, { runStart });
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
  await team.close();
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
