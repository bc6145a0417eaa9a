import {
  type Executor,
  GaussianMixture,
  KernelPrograms,
  type Mixture,
  orderPoints,
  type Pass,
  type Tiles,
} from "@emix/core";
import { GUESSED, type PairLists, UNBUILT } from "../packages/core/src/kernels/pair-lists.ts";
import { em } from "../packages/core/src/step/em.ts";
import { startFrom } from "../packages/core/src/step/iteration.ts";
import { plainRules } from "../packages/core/src/step/rules.ts";
import { CancelFlag } from "../packages/workers/src/cancel.ts";
import { ParallelExecutor } from "../packages/workers/src/executors/parallel-executor.ts";
import { compilers } from "../packages/workers/src/kernels/compile.ts";
import { loadPoints } from "../packages/workers/src/loaded-points.ts";
import { SharedMemory } from "../packages/workers/src/memory.ts";
import { createPool, type Pool } from "../packages/workers/src/pool.ts";
import { loneTurns } from "../packages/workers/src/queue/job-turns.ts";
import { threadModule } from "../packages/workers/src/thread-modules.ts";
import { draw } from "./data.ts";
import { entriesNamed, kernelKinds, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { describeOutsideLoad, watchOutsideLoad } from "./support/outside-load.ts";
import { short, Table } from "./support/table.ts";
import { customWorkload, type Workload } from "./support/workloads.ts";

const FLAGS = ["case", "count", "threads", "kernel", "warm", "steps"];

const of = (features: number, components: number, spread: number): Workload =>
  customWorkload({ count: 1_000_000, features, components, spread, start: "one of each" });

/** Separated, then ever closer, then without any distance. */
const CASES: Readonly<Record<string, Workload>> = {
  "d16 k16 s12": of(16, 16, 12),
  "d8 k64 s6": of(8, 64, 6),
  "d8 k64 s4": of(8, 64, 4),
  "d16 k256 s4": of(16, 256, 4),
  "d8 k1024 s6": of(8, 1024, 6),
  "d16 k16 s0.35": { ...of(16, 16, 0.35), start: "random points" },
  "d4 k8 s0.5": { ...of(4, 8, 0.5), start: "random points" },
};

/** An EM step with lists of pairs beside one without, from the same mixture, after some steps. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const [threads] = numbers(flags.threads, [2]);
  const [kernel] = kernelKinds(flags.kernel, ["simd"]);
  const [warm, steps] = [wholeNumber(flags.warm, 10), wholeNumber(flags.steps, 5)];
  const cases = entriesNamed(CASES, flags.case, "case");
  console.log(describeMachine());
  const table = new Table({ case: 14, dense: 8, "lists 1": 8, "lists 2": 8, lists: 8, ratio: 6, "listed %": 8 });
  const pool = createPool(threads, threadModule("workerUrl"));
  const outsideLoad = watchOutsideLoad();
  try {
    for (const [name, given] of cases) {
      const workload = { ...given, count: wholeNumber(flags.count, given.count) };
      const { dense, listed, firsts, share } = await measure(workload, { pool, threads, kernel, warm, steps });
      table.print({
        case: name,
        dense: short(dense),
        "lists 1": short(firsts[0]),
        "lists 2": short(firsts[1]),
        lists: short(listed),
        ratio: `${(dense / listed).toFixed(2)}×`,
        "listed %": short(100 * share),
      });
    }
  } finally {
    await pool.close();
  }
  console.log(
    `${threads} threads; minima of ${steps} steps in turn, after ${warm}; lists 1, lists 2: the first two steps.`,
  );
  console.log(describeOutsideLoad(outsideLoad()));
}

interface Setting {
  readonly pool: Pool;
  readonly threads: number;
  readonly kernel: "reference" | "simd" | "simd256";
  readonly warm: number;
  readonly steps: number;
}

async function measure(workload: Workload, { pool, threads, kernel, warm, steps }: Setting) {
  const { points, start } = draw(workload);
  const allocate = (bytes: number) => new SharedArrayBuffer(bytes);
  const { tiles } = await loadPoints(points, { allocate });
  const shared = { memory: new SharedMemory(), cancel: new CancelFlag(), turns: loneTurns(), stepTimeout: 60_000 };
  const setting = { threads, arithmetic: "f64", ...shared } as const;
  const programs = new KernelPrograms({ kernel }, compilers());
  const unordered = new ParallelExecutor({ ...setting, pool: async () => pool, tiles, programs });
  const order = new Uint32Array(allocate(tiles.count * 4));
  await orderPoints(unordered, order);
  const executor = unordered.over({ ...tiles, order });
  const seen: Seen = { share: 1 };
  const withLists = timedSteps(watching(executor, seen), GaussianMixture.fromParameters(start).parameters);
  const firsts: number[] = [];
  let mixture: Mixture | undefined;
  for (let i = 0; i < warm; i++) {
    const step = await next(withLists);
    firsts.push(step.milliseconds);
    mixture = step.mixture;
  }
  const without = timedSteps(forgetting(executor), mixture as Mixture);
  const [listed, dense] = [[] as number[], [] as number[]];
  for (let i = 0; i < steps; i++) {
    const [one, other] = [await next(withLists), await next(without)];
    if (one.lowerBound !== other.lowerBound) throw new Error("A step with lists has other bits than one without.");
    listed.push(one.milliseconds);
    dense.push(other.milliseconds);
  }
  return { firsts, listed: Math.min(...listed), dense: Math.min(...dense), share: seen.share };
}

interface Step {
  readonly milliseconds: number;
  readonly mixture: Mixture;
  readonly lowerBound: number;
}

async function* timedSteps(executor: Executor, mixture: Mixture): AsyncGenerator<Step, void> {
  let began = performance.now();
  for await (const state of em(executor, startFrom(mixture), plainRules(executor.tiles.features))) {
    yield { milliseconds: performance.now() - began, mixture: state.mixture, lowerBound: state.lowerBound };
    began = performance.now();
  }
}

async function next(steps: AsyncGenerator<Step, void>): Promise<Step> {
  const { value } = await steps.next();
  if (value === undefined) throw new Error("EM ended.");
  return value;
}

/** What the last pass with lists left. */
interface Seen {
  /** of the pairs of tiles and components */
  share: number;
}

function watching(executor: Executor, seen: Seen): Executor {
  return through(executor, async (pass, run) => {
    const result = await run(pass);
    if (pass.kind === "expectation" && pass.lists) seen.share = shareOf(pass.lists, pass.program.shape.components);
    return result;
  });
}

function shareOf({ counts }: PairLists, components: number): number {
  const listed = counts.reduce((sum, count) => sum + (count < 0 ? components : count % GUESSED), 0);
  return listed / counts.length / components;
}

function forgetting(executor: Executor): Executor {
  return through(executor, (pass, run) => {
    if (pass.kind !== "expectation" || pass.lists === undefined) return run(pass);
    const { lists, ...rest } = pass;
    lists.counts.fill(UNBUILT);
    return run(rest);
  });
}

function through(executor: Executor, change: <T>(pass: Pass, run: (pass: Pass) => Promise<T>) => Promise<T>): Executor {
  const { tiles, programs, arithmetic, threads } = executor;
  return {
    tiles,
    programs,
    arithmetic,
    threads,
    over: (other: Tiles) => executor.over(other),
    pause: () => executor.pause(),
    lend: (bytes, use) => executor.lend(bytes, use),
    run: (pass, consume) => change(pass, (changed) => executor.run(changed, consume)),
  };
}
