import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, createCluster, GaussianMixture } from "emix";
import { writeNpy } from "../../bench/support/npy.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { startWorker } from "../support/cluster-processes.ts";
import { RedisServer } from "../support/redis-server.ts";

// Minutes of steps with 256 components on two workers with a short lock: no job is taken for stalled, none is done twice.

const LOCK = 5000;
const ROWS = 200_000;
const FEATURES = 4;
const COMPONENTS = 256;
const ROUND = 20;

/** out: how many jobs stalled or were done twice */
export async function soakSteps(minutes: number, seed: string): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), "emix-soak-steps-"));
  const random = randomStream(seed, "steps");
  const data = Float64Array.from({ length: ROWS * FEATURES }, () => random.normal());
  writeNpy(join(root, "points.npy"), data, [ROWS, FEATURES]);
  const redis = await RedisServer.start("--appendfsync", "everysec");
  const connection = { url: redis.url, lockDuration: LOCK };
  const workers = await Promise.all([startWorker({ connection, root }), startWorker({ connection, root })]);
  const cluster = await createCluster({ connection, threads: 1 });
  const points = await cluster.load("points.npy");
  const initialization = GaussianMixture.fromParameters({
    weights: new Array(COMPONENTS).fill(1 / COMPONENTS),
    means: [...data.subarray(0, COMPONENTS * FEATURES)],
    covariances: Array.from({ length: COMPONENTS * FEATURES ** 2 }, (_, i) =>
      Number((i % FEATURES ** 2) % (FEATURES + 1) === 0),
    ),
  });
  let asked = 0;
  const fit = async (maxIterations: number) => {
    const began = performance.now();
    await cluster.fit(points, {
      ...{
        components: COMPONENTS,
        initialization,
        maxIterations,
        tolerance: 0,
        schedule: "full",
        acceleration: "none",
      },
      onWorkers: (shares) => {
        asked += shares.length;
      },
    });
    return (performance.now() - began) / maxIterations;
  };
  const first = await settled(cluster);
  await fit(ROUND);
  // What a fit asks besides passes over all points, as for a pivot.
  const besides = (await settled(cluster)) - first - asked;
  asked = 0;
  const before = await settled(cluster);
  const end = performance.now() + minutes * 60_000;
  let rounds = 0;
  let milliseconds = 0;
  for (; performance.now() < end; rounds++) milliseconds += await fit(ROUND);
  asked += rounds * besides;
  const done = (await settled(cluster)) - before;
  const stalled = (await cluster.workers()).reduce(
    (sum, name) =>
      sum +
      redis
        .ask("XRANGE", `emix:worker-${name}:events`, "-", "+")
        .split("\n")
        .filter((word) => word === "stalled").length,
    0,
  );
  console.log(
    `  ${rounds * ROUND} steps of ${(milliseconds / rounds).toFixed(0)} ms: ${asked} jobs asked for, ${done} done, ${stalled} stalled`,
  );
  await cluster.close();
  for (const worker of workers) await worker.kill("SIGTERM");
  await redis.end();
  rmSync(root, { recursive: true, force: true });
  return Math.abs(done - asked) + stalled;
}

/** Jobs that all workers have done, once they have told. */
async function settled(cluster: Cluster): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const { workers } = await cluster.status();
  return workers.reduce((sum, { facts }) => sum + (facts?.jobs ?? 0), 0);
}
