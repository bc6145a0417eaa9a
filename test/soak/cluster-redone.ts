import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCluster } from "emix";
import { writeNpy } from "../../bench/support/npy.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { startWorker, type WorkerProcess } from "../support/cluster-processes.ts";
import { RedisServer } from "../support/redis-server.ts";

// Workers that are killed or stand still in the middle of a step: another does their part, and the step takes no longer than
// two locks.

const LOCK = 5000;
const MOST_LOCKS = 2;
const ROWS = 100_000;
const FEATURES = 16;
const WORKERS = 3;
const STEPS = 12;
const SIGNALS = ["SIGKILL", "SIGSTOP"] as const;

interface Steps {
  readonly usual: number;
  readonly longest: number;
}

/** out: how many steps took longer than they may */
export async function soakRedone(count: number, seed: string): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), "emix-soak-redone-"));
  const random = randomStream(seed, "redone");
  const data = Float64Array.from({ length: ROWS * FEATURES }, () => random.normal());
  writeNpy(join(root, "points.npy"), data, [ROWS, FEATURES]);
  const redis = await RedisServer.start();
  const connection = { url: redis.url, lockDuration: LOCK };
  let late = 0;
  for (let run = 0; run < count; run++) {
    const signal = SIGNALS[run % SIGNALS.length];
    const workers = await Promise.all(Array.from({ length: WORKERS }, () => startWorker({ connection, root })));
    const { usual, longest } = await steps(connection, workers, signal, random);
    if (longest > MOST_LOCKS * LOCK) late++;
    console.log(`  ${signal}: a step takes ${usual.toFixed(0)} ms, the longest ${longest.toFixed(0)} ms`);
    for (const worker of workers) await worker.kill("SIGKILL");
  }
  await redis.end();
  rmSync(root, { recursive: true });
  console.log(`${count - late} of ${count} within ${MOST_LOCKS} locks of ${LOCK} ms`);
  return late;
}

/** Times the steps of a fit while one worker gets a signal at a random moment. out: milliseconds */
async function steps(
  connection: { readonly url: string; readonly lockDuration: number },
  workers: readonly WorkerProcess[],
  signal: NodeJS.Signals,
  random: Random,
): Promise<Steps> {
  await using cluster = await createCluster({ connection, threads: 1 });
  const points = await cluster.load("points.npy");
  const moment = 2 + Math.floor(random.uniform() * (STEPS - 4));
  const victim = workers[Math.floor(random.uniform() * workers.length)];
  const ends: number[] = [];
  await cluster.fit(points, {
    ...{ components: 32, maxIterations: STEPS, tolerance: 0, schedule: "full", acceleration: "none" },
    initialization: "fast",
    onStep: () => {
      ends.push(performance.now());
      if (ends.length === moment) setTimeout(() => victim.kill(signal), random.uniform() * 100);
    },
  });
  const times = ends.slice(1).map((end, i) => end - ends[i]);
  times.sort((a, b) => a - b);
  return { usual: times[Math.floor(times.length / 2)], longest: times[times.length - 1] };
}
