import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCluster, createEngine, type FitOptions, type FitStep, GaussianMixture } from "emix";
import { startWorker } from "../test/support/cluster-processes.ts";
import { hasRedis, RedisServer } from "../test/support/redis-server.ts";
import { list, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { writeNpy } from "./support/npy.ts";
import { randomNumbers } from "./support/random.ts";
import { driverWork } from "./support/simulated-driver.ts";
import {
  MEGABYTE_MILLISECONDS,
  megabytesOfStep,
  SHARED_MEGABYTE_MILLISECONDS,
  type Sized,
  stepOnCluster,
} from "./support/sizing.ts";
import { short, Table } from "./support/table.ts";

const FLAGS = ["case", "count", "steps", "workers", "repeats", "simulated"];

/** k and d, of full covariances: how large the statistics of a node are. */
const CASES: Readonly<Record<string, { readonly components: number; readonly features: number }>> = {
  "13 kB": { components: 16, features: 8 },
  "160 kB": { components: 64, features: 16 },
  "2 MB": { components: 64, features: 64 },
};

const PASSES = 20;
const WARM = 3;

/** What an EM step costs on workers with a core each, beside an engine with as many threads. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  if (!hasRedis) throw new Error("This bench needs redis-server.");
  const workers = numbers(flags.workers, [2]);
  const repeats = wholeNumber(flags.repeats, 5);
  const steps = wholeNumber(flags.steps, 30);
  console.log(describeMachine());
  const cases = list(flags.case, Object.keys(CASES));
  if (flags.simulated !== undefined) return printDriver(cases, numbers(flags.simulated, []));
  const table = new Table({
    statistics: 12,
    "n × d, k": 20,
    workers: 8,
    engine: 10,
    cluster: 10,
    "least beside": 13,
    "median beside": 14,
    "MB a step": 10,
    "sizing says": 12,
  });
  for (const name of cases) {
    const { components, features } = CASES[name];
    const count = wholeNumber(flags.count, 20_000);
    for (const many of workers) {
      const { engine, cluster } = await compared({ count, components, features, steps, workers: many, repeats });
      const megabytes = megabytesOfStep({ count, components, features }, many);
      table.print({
        ...{ statistics: name, "n × d, k": `${count} × ${features}, ${components}`, workers: String(many) },
        ...{ engine: short(engine.median), cluster: short(cluster.median) },
        "least beside": short(cluster.least - engine.least),
        "median beside": short(cluster.median - engine.median),
        "MB a step": short(megabytes),
        "sizing says": short(stepOnCluster(engine.median, megabytes, SHARED_MEGABYTE_MILLISECONDS)),
      });
    }
  }
}

/** The processor time of a driver, beside workers that are simulated. */
async function printDriver(cases: readonly string[], workers: readonly number[]): Promise<void> {
  const table = new Table({
    statistics: 12,
    "simulated workers": 18,
    "driver's own, ms": 17,
    "beside workers, ms": 19,
    "sizing says": 12,
  });
  for (const name of cases) {
    for (const many of workers) {
      const { own, beside, megabytes } = await driverWork(CASES[name], many, PASSES);
      const told = short(stepOnCluster(0, megabytes, MEGABYTE_MILLISECONDS));
      const cells = { statistics: name, "simulated workers": String(many) };
      const measured = { "driver's own, ms": short(own), "beside workers, ms": short(beside) };
      table.print({ ...cells, ...measured, "sizing says": told });
    }
  }
}

interface Compared extends Sized {
  readonly steps: number;
  readonly workers: number;
  readonly repeats: number;
}

interface Milliseconds {
  readonly least: number;
  readonly median: number;
}

/** Milliseconds of a step, by runs that take turns. */
async function compared(asked: Compared): Promise<{ engine: Milliseconds; cluster: Milliseconds }> {
  const { count, components, features, steps, workers, repeats } = asked;
  const root = mkdtempSync(join(tmpdir(), "emix-bench-cluster-"));
  const redis = await RedisServer.start();
  const connection = { url: redis.url };
  const processes = await Promise.all(Array.from({ length: workers }, () => startWorker({ connection, root })));
  try {
    const data = new Float64Array(count * features);
    randomNumbers(`cluster ${features}`).fillNormal(data);
    writeNpy(join(root, "points.npy"), data, [count, features]);
    await using engine = await createEngine({ threads: workers, offThread: false, kernel: "simd" });
    await using cluster = await createCluster({ connection, threads: 1, kernel: "simd" });
    const here = await engine.loadFile(join(root, "points.npy"));
    const there = await cluster.load("points.npy");
    const options: FitOptions = {
      ...{ components, maxIterations: steps, tolerance: 0, schedule: "full", acceleration: "none" },
      initialization: startOf(data, components, features),
    };
    const onEngine: number[] = [];
    const onCluster: number[] = [];
    for (let round = 0; round < repeats; round++) {
      onEngine.push(await stepOf((onStep) => engine.fit(here, { ...options, onStep })));
      onCluster.push(await stepOf((onStep) => cluster.fit(there, { ...options, onStep })));
    }
    return { engine: summary(onEngine), cluster: summary(onCluster) };
  } finally {
    for (const each of processes) await each.kill("SIGKILL");
    await redis.end();
    rmSync(root, { recursive: true, force: true });
  }
}

/** How long a step took on average, milliseconds; the first ones warm up. Short steps are told together, so none is timed by itself. */
async function stepOf(fit: (onStep: (step: FitStep) => void) => PromiseLike<unknown>): Promise<number> {
  const ends: number[] = [];
  await fit(() => ends.push(performance.now()));
  const warm = ends.slice(WARM);
  return (warm[warm.length - 1] - warm[0]) / (warm.length - 1);
}

function summary(milliseconds: readonly number[]): Milliseconds {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return { least: sorted[0], median: sorted[Math.floor(sorted.length / 2)] };
}

/** Points as means, so that all components stay. */
function startOf(data: Float64Array, components: number, features: number): GaussianMixture {
  const covariances = Array.from({ length: components * features * features }, (_, at) => {
    const within = at % (features * features);
    return Math.floor(within / features) === within % features ? 1 : 0;
  });
  return GaussianMixture.fromParameters({
    weights: new Array(components).fill(1 / components),
    means: [...data.subarray(0, components * features)],
    covariances,
  });
}
