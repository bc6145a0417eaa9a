import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, EmixError } from "emix";
import { randomStream } from "../../packages/core/src/random.ts";
import { pick } from "../support/edits.ts";
import { clusters } from "../support/points.ts";
import { printCounts } from "./counts.ts";

const WAYS = [
  ...["exit", "exit", "throw", "uncaught", "start", "hang-wait", "hang-spin", "hang-promise", "hang-microtasks"],
  ...["hang-compile", "hang-allocate", "hang-start"],
];
/** A fit of so many iterations gives each of two workers fewer tasks. */
const MOST_TASKS = 60;
const MOST_BLOCKS = 8;
/** A replaced worker and three more attempts take less, even on a machine that is busy. */
const SOON_MS = 60_000;

const workerUrl = new URL("../support/faulty-worker.ts", import.meta.url);
const points = clusters(40_000, 6, 6, "faults");
const options = { components: 6, maxIterations: 6, tolerance: 0, seed: 3, restarts: 2 };

/** out: how many fits with a worker that dies or hangs ended in another result than without; it stops at twenty */
export async function fuzzFaults(seed: string, first: number, end: number): Promise<number> {
  const outcomes = new Map<string, number>();
  const folder = mkdtempSync(join(tmpdir(), "emix-faults-"));
  const expected = await fitted("none:0::");
  let failures = 0;
  for (let index = first; index < end && failures <= 20; index++) {
    const random = randomStream(seed, "faults", index);
    const number = (most: number) => 1 + Math.floor(random.uniform() * most);
    const way = pick(random, WAYS);
    const fault = `${way}:${number(way.includes("start") ? 2 : MOST_TASKS)}:${join(folder, `${index}`)}:${number(MOST_BLOCKS)}`;
    const outcome = await fitted(fault);
    const what = `${way.padEnd(16)} ${outcome === expected ? "the same bits" : outcome.slice(0, 200)}`;
    outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
    if (outcome === expected) continue;
    failures += 1;
    console.log(`fault ${index} of seed ${seed}: ${fault}\n${outcome.slice(0, 1000)}\n`);
  }
  rmSync(folder, { recursive: true });
  printCounts(outcomes);
  console.log(`${String(failures).padStart(8)}  ended otherwise than without a fault`);
  return failures;
}

/** The model as JSON, or what came instead. */
async function fitted(fault: string): Promise<string> {
  process.env.EMIX_FAULT = fault;
  const signal = AbortSignal.timeout(SOON_MS);
  try {
    await using engine = await createEngine({ threads: 2, offThread: false, workerUrl, stepTimeout: 1500 });
    return JSON.stringify((await engine.fit(points, { ...options, signal })).mixture);
  } catch (error) {
    return error instanceof EmixError ? `${error.code} ${error.message}` : String(error);
  } finally {
    delete process.env.EMIX_FAULT;
  }
}
