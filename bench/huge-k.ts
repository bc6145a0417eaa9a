import {
  type CovarianceType,
  type Executor,
  GaussianMixture,
  KernelPrograms,
  type Mixture,
  orderPoints,
  resolveFitOptions,
} from "@emix/core";
import { rulesFor } from "../packages/core/src/fit/rules.ts";
import { summarize } from "../packages/core/src/fit/summary.ts";
import { storedPoint, type Tiles, tileCount, tilesBetween } from "../packages/core/src/points/tiles.ts";
import { em } from "../packages/core/src/step/em.ts";
import { expectationPass } from "../packages/core/src/step/expectation.ts";
import { type Iteration, startFrom } from "../packages/core/src/step/iteration.ts";
import type { Rules } from "../packages/core/src/step/rules.ts";
import { CancelFlag } from "../packages/workers/src/cancel.ts";
import { ParallelExecutor } from "../packages/workers/src/executors/parallel-executor.ts";
import { compilers } from "../packages/workers/src/kernels/compile.ts";
import { loadPoints } from "../packages/workers/src/loaded-points.ts";
import { SharedMemory } from "../packages/workers/src/memory.ts";
import { createPool, type Pool } from "../packages/workers/src/pool.ts";
import { loneTurns } from "../packages/workers/src/queue/job-turns.ts";
import { threadModule } from "../packages/workers/src/thread-modules.ts";
import { entriesNamed, kernelKinds, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { drawGroups, type GroupsKind, type ManyGroups } from "./support/many-groups.ts";
import { describeOutsideLoad, watchOutsideLoad } from "./support/outside-load.ts";
import { short, Table } from "./support/table.ts";

const FLAGS = ["case", "scale", "threads", "kernel", "steps"];

/** A workload with thousands of components, as many as it has groups. */
interface Case extends ManyGroups {
  readonly covarianceType: CovarianceType;
}

const of = (kind: GroupsKind, count: number, features: number, groups: number): Case => ({
  ...{ kind, count, features, groups },
  spread: kind === "iid" ? 6 : 4,
  covarianceType: "full",
});

const CASES: Readonly<Record<string, Case>> = {
  "hier 1M×16": of("hier", 1_000_000, 16, 10_000),
  "emb 1M×16": of("emb", 1_000_000, 16, 10_000),
  "stars 200k×2": of("stars", 200_000, 2, 100_000),
  "emb 500k×64": of("emb", 500_000, 64, 4096),
  "emb 500k×64 diag": { ...of("emb", 500_000, 64, 4096), covarianceType: "diag" },
  "emb 262k×16": of("emb", 262_144, 16, 4096),
  "iid 262k×16": of("iid", 262_144, 16, 4096),
};

/** `--case growth`: with as many points for each component, and with as many points in all. */
const GROWTH: Readonly<Record<string, Case>> = Object.fromEntries(
  [1250, 2500, 5000, 10_000, 20_000].flatMap((components) => [
    [`hier n = 100 k, ${components}`, of("hier", 100 * components, 16, components)],
    [`hier 1M×16, ${components}`, of("hier", 1_000_000, 16, components)],
  ]),
);

/** EM steps with thousands of components, beside what a step would take that computes every pair. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const [threads] = numbers(flags.threads, [2]);
  const [kernel] = kernelKinds(flags.kernel, ["simd256"]);
  const [scale, steps] = [wholeNumber(flags.scale, 4), wholeNumber(flags.steps, 20)];
  const cases = flags.case === "growth" ? Object.entries(GROWTH) : entriesNamed(CASES, flags.case, "case");
  console.log(describeMachine());
  const table = new Table({ case: 19, n: 8, k: 6, dense: 9, "step 1": 8, "step 2": 8, settled: 8, pass: 8, ratio: 6 });
  const pool = createPool(threads, threadModule("workerUrl"));
  const outsideLoad = watchOutsideLoad();
  try {
    for (const [name, given] of cases) {
      const [count, groups] = [Math.ceil(given.count / scale), Math.ceil(given.groups / scale)];
      const executor = await executorFor(drawGroups({ ...given, count, groups }), given.features, {
        ...{ pool, threads, kernel },
      });
      const { totals, passes, dense } = await measure(executor, groups, given.covarianceType, steps);
      const settled = Math.min(...totals.slice(-3));
      const pass = Math.min(...passes.slice(-3));
      const whole = dense + settled - pass;
      table.print({
        ...{ case: name, n: short(count), k: short(groups), dense: short(whole) },
        ...{ "step 1": short(totals[0]), "step 2": short(totals[1]), settled: short(settled), pass: short(pass) },
        ratio: `${(whole / settled).toFixed(0)}×`,
      });
    }
  } finally {
    await pool.close();
  }
  console.log(
    `${threads} threads; n and k of the workload divided by ${scale}; milliseconds. Groups of neighbours begin,`,
  );
  console.log(
    `with a prior; settled: the least of the last three of ${steps} steps, pass: its E-step alone. dense: the pass`,
  );
  console.log("over some tiles without lists, times all tiles, and what else a settled step takes.");
  console.log(describeOutsideLoad(outsideLoad()));
}

interface Threads {
  readonly pool: Pool;
  readonly threads: number;
  readonly kernel: "reference" | "simd" | "simd256";
}

async function executorFor(
  data: Float64Array,
  features: number,
  { pool, threads, kernel }: Threads,
): Promise<Executor> {
  const allocate = (bytes: number) => new SharedArrayBuffer(bytes);
  const { tiles } = await loadPoints({ data, features }, { allocate });
  const shared = { memory: new SharedMemory(), cancel: new CancelFlag(), turns: loneTurns(), stepTimeout: 600_000 };
  const programs = new KernelPrograms({ kernel }, compilers());
  const setting = { threads, arithmetic: "f64", ...shared, programs, pool: async () => pool } as const;
  const unordered = new ParallelExecutor({ ...setting, tiles });
  const order = new Uint32Array(allocate(tiles.count * 4));
  await orderPoints(unordered, order);
  return unordered.over({ ...tiles, order });
}

/** out: milliseconds of each step, of its E-step, and of an E-step without lists */
async function measure(executor: Executor, components: number, covarianceType: CovarianceType, steps: number) {
  const options = resolveFitOptions({ components, covarianceType, prior: {}, tolerance: 0 });
  const rules = { ...(await rulesFor(executor, options, await summarize(executor))), acceleration: "none" } as const;
  const start = groupsInOrder(executor.tiles, components, covarianceType);
  const passes: number[] = [];
  const { totals, last } = await timedSteps(timing(executor, passes), startFrom(start), rules, steps);
  return { totals, passes, dense: await denseOf(executor, last.mixture) };
}

async function timedSteps(executor: Executor, start: Iteration, rules: Rules, steps: number) {
  const totals: number[] = [];
  let last = start;
  let began = performance.now();
  for await (const state of em(executor, start, rules)) {
    totals.push(performance.now() - began);
    last = state;
    if (totals.length === steps) break;
    began = performance.now();
  }
  return { totals, last };
}

/** Of each step, the passes over pairs of points and components, all together. */
function timing(executor: Executor, passes: number[]): Executor {
  const { tiles, programs, arithmetic, threads } = executor;
  return {
    ...{ tiles, programs, arithmetic, threads },
    pause: () => executor.pause(),
    over: (other) => executor.over(other),
    lend: (bytes, use) => executor.lend(bytes, use),
    run: async (pass, consume) => {
      const began = performance.now();
      let ended = began;
      const result = await executor.run(pass, (slots) => {
        ended = performance.now();
        return consume(slots);
      });
      if (pass.kind === "expectation" && pass.measured) passes[passes.length - 1] += ended - began;
      else if (pass.kind === "expectation") passes.push(ended - began);
      return result;
    },
  };
}

const FEW_TILES = 16;

/** An E-step without lists: what twice as many tiles take more, times all tiles. */
async function denseOf(executor: Executor, mixture: Mixture): Promise<number> {
  const few = Math.min(FEW_TILES * executor.threads, Math.floor(tileCount(executor.tiles) / 2));
  const millisecondsOf = async (tiles: number) => {
    const some = executor.over(tilesBetween(executor.tiles, 0, tiles));
    const pass = expectationPass(some, mixture, { ruleOfZero: true });
    const began = performance.now();
    await some.run(pass, () => undefined);
    return performance.now() - began;
  };
  const differences: number[] = [];
  for (let i = 0; i < 3; i++) differences.push((await millisecondsOf(2 * few)) - (await millisecondsOf(few)));
  return (Math.min(...differences) * tileCount(executor.tiles)) / few;
}

/** A mixture of groups of neighbours, equally many points each, whose covariances lean towards their average. */
function groupsInOrder(tiles: Tiles, components: number, covarianceType: CovarianceType): Mixture {
  const { count, features } = tiles;
  const from = (component: number) => Math.floor((component * count) / components);
  const means = new Float64Array(components * features);
  const variances = new Float64Array(features);
  const x = new Float64Array(features);
  for (let component = 0; component < components; component++) {
    const mean = means.subarray(component * features, (component + 1) * features);
    const mass = from(component + 1) - from(component);
    for (let i = from(component); i < from(component + 1); i++) {
      storedPoint(tiles, i, x).forEach((value, j) => {
        mean[j] += value / mass;
        variances[j] += value ** 2 / count;
      });
    }
    mean.forEach((value, j) => {
      variances[j] -= (mass / count) * value ** 2;
    });
  }
  const one =
    covarianceType === "diag"
      ? [...variances]
      : Array.from({ length: features ** 2 }, (_, i) => (i % (features + 1) === 0 ? variances[i % features] : 0));
  const covariances = new Float64Array(components * one.length);
  for (let component = 0; component < components; component++) covariances.set(one, component * one.length);
  const weights = new Float64Array(components).fill(1 / components);
  const given = { components, features, covarianceType, weights, means, covariances };
  return GaussianMixture.fromParameters(given).parameters;
}
