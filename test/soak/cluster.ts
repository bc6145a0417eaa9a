import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Cluster,
  type ClusterPoints,
  createCluster,
  createEngine,
  type FitOptions,
  type LoadedPoints,
} from "emix";
import { writeNpy } from "../../bench/support/npy.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { startWorker, type WorkerProcess } from "../support/cluster-processes.ts";
import { RedisServer } from "../support/redis-server.ts";

// Fits on a cluster whose workers are killed, whose Redis is started anew, and whose driver is broken off and goes on from
// its checkpoint: each beside the same fit on this machine.

const LOCK = 1500;
const ROWS = 12_000;
const FEATURES = 3;
const WORKERS = [1, 2, 3, 5];
const COMMON = { maxIterations: 12, tolerance: 0, initialization: "fast" } as const;
const FITS: readonly FitOptions[] = [
  { ...COMMON, components: 4 },
  { ...COMMON, components: 3, covarianceType: "diag", restarts: 2 },
  { ...COMMON, components: 4, covarianceType: "tied", schedule: "full" },
  { ...COMMON, components: 5, covarianceType: "spherical", prior: {} },
  { ...COMMON, components: 5, inference: "variational" },
];
const DISTURBANCES = [
  "a worker is killed",
  "a worker is killed",
  "Redis is started anew",
  "the driver goes on",
] as const;

interface Setting {
  readonly redis: RedisServer;
  readonly root: string;
  readonly cluster: Cluster;
  readonly points: ClusterPoints;
  readonly workers: WorkerProcess[];
  readonly random: Random;
}

/** out: how many fits had other bits, or failed */
export async function soakCluster(count: number, seed: string): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "emix-soak-cluster-"));
  const root = join(dir, "root");
  mkdirSync(root);
  const random = randomStream(seed, "cluster");
  const data = Float64Array.from(
    { length: ROWS * FEATURES },
    (_, i) => (Math.floor(i / FEATURES) % 4) * 3 + random.normal(),
  );
  writeNpy(join(root, "points.npy"), data, [ROWS, FEATURES]);
  const redis = await RedisServer.start();
  const engine = await createEngine({ threads: 1, offThread: false, kernel: "simd" });
  const here = await engine.loadFile(join(root, "points.npy"));
  const expected: string[] = [];
  for (const options of FITS) expected.push(JSON.stringify(await engine.fit(here as LoadedPoints, options)));
  await engine.close();
  const workers: WorkerProcess[] = [];
  let wrong = 0;
  for (let run = 0; run < count; run++) {
    const wanted = WORKERS[Math.floor((run * WORKERS.length) / count)];
    while (workers.length < wanted) workers.push(await startWorker(workerAt(redis, root)));
    const connection = { url: redis.url, lockDuration: LOCK };
    const cluster = await createCluster({ connection, threads: 1, kernel: "simd" });
    const disturbance = DISTURBANCES[run % DISTURBANCES.length];
    const began = performance.now();
    let outcome = "equal bits";
    try {
      const points = await cluster.load("points.npy");
      const found = await disturbed({ redis, root, cluster, points, workers, random }, run, disturbance);
      if (found !== expected[run % FITS.length]) outcome = "OTHER BITS";
    } catch (error) {
      outcome = `FAILED: ${error instanceof Error ? error.message : String(error)}`;
    }
    await cluster.close();
    if (outcome !== "equal bits") wrong++;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`  ${run + 1}: ${wanted} workers, ${disturbance}: ${outcome}, ${seconds} s`);
  }
  // A worker may answer a driver that is gone; its answer goes after some minutes.
  const left = redis.keys("emix:data:*");
  const forever = left.filter((key) => Number(redis.ask("TTL", key)) < 0).length;
  console.log(
    `${count - wrong} of ${count} with equal bits; keys of fits left: ${left.length}, ${forever} without an end`,
  );
  for (const worker of workers) await worker.kill("SIGKILL");
  await redis.end();
  rmSync(dir, { recursive: true, force: true });
  return wrong + forever;
}

const workerAt = (redis: RedisServer, root: string) => ({ connection: { url: redis.url, lockDuration: LOCK }, root });

/** out: the result of a fit that is disturbed at a random moment */
async function disturbed(setting: Setting, run: number, disturbance: (typeof DISTURBANCES)[number]): Promise<string> {
  const { cluster, points, redis, root, random, workers } = setting;
  const options = FITS[run % FITS.length];
  const moment = 1 + Math.floor(random.uniform() * 10);
  if (disturbance === "the driver goes on") return goneOn(setting, options, moment);
  let mended: Promise<void> | undefined;
  let steps = 0;
  const result = await cluster.fit(points, {
    ...options,
    onStep: () => {
      if (++steps !== moment) return;
      mended =
        disturbance === "Redis is started anew" ? again(redis) : replaced(workers, random, workerAt(redis, root));
    },
  });
  await mended;
  return JSON.stringify(result);
}

async function again(redis: RedisServer): Promise<void> {
  await redis.stop();
  await redis.begin();
}

async function replaced(workers: WorkerProcess[], random: Random, options: ReturnType<typeof workerAt>): Promise<void> {
  const [victim] = workers.splice(Math.floor(random.uniform() * workers.length), 1);
  await new Promise((resolve) => setTimeout(resolve, random.uniform() * 50));
  await victim.kill("SIGKILL");
  workers.push(await startWorker(options));
}

async function goneOn({ cluster, points, root }: Setting, options: FitOptions, moment: number): Promise<string> {
  const path = join(root, "..", "soak.checkpoint");
  rmSync(path, { force: true });
  const controller = new AbortController();
  let steps = 0;
  const broken = cluster.fit(points, {
    ...{ ...options, checkpoint: { path, every: 1 }, signal: controller.signal },
    onStep: () => {
      if (++steps === moment) controller.abort();
    },
  });
  const whole = await Promise.resolve(broken).catch(() => null);
  if (whole !== null) return JSON.stringify(whole);
  // Before the starts are made there is no checkpoint.
  return JSON.stringify(await (existsSync(path) ? cluster.resume(path, points) : cluster.fit(points, options)));
}
