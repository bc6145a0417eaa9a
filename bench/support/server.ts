import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { coordinates, GaussianMixture, tileCount } from "@emix/core";
import { type Engine, LoadedPoints } from "@emix/workers";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { draw } from "../data.ts";
import { customWorkload } from "./workloads.ts";

// What the owner of a server sees: engines that begin, and many calls at once.

/** Takes the times, or shares, of one promise. */
export type Row = (promise: string, values: number[]) => void;

type Call = (engine: Engine) => PromiseLike<unknown>;

const drawn = (count: number, features: number, components: number, spread = 4) =>
  draw(customWorkload({ count, features, components, covarianceType: "full", spread }));

async function timeOf(work: () => PromiseLike<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const ROWS = drawn(10_000, 8, 8);
const START = GaussianMixture.fromParameters(ROWS.start);

export const predictRows: Call = (engine) => engine.predict(ROWS.points, { mixture: START });
export const fitRows: Call = (engine) =>
  engine.fit(ROWS.points, { components: 8, initialization: START, maxIterations: 3, tolerance: 0 });

/** How much longer the first call of an engine takes than a later one, in milliseconds. */
export async function firstCall(threads: number, call: Call): Promise<number> {
  const engine = await createEngine({ threads });
  const first = await timeOf(() => call(engine));
  const later = [];
  for (let i = 0; i < 5; i++) later.push(await timeOf(() => call(engine)));
  await engine.close();
  return first - Math.min(...later);
}

/** What a checkpoint after every ten steps adds to 20 steps, in percent. */
export async function checkpointShare(engine: Engine, points: LoadedPoints, components: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "emix-bench-"));
  const options = { components, tolerance: 0, maxIterations: 20 };
  const checkpoint = { path: join(folder, "fit"), every: 10 };
  const without = await timeOf(() => engine.fit(points, options));
  const withOne = await timeOf(() => engine.fit(points, { ...options, checkpoint }));
  rmSync(folder, { recursive: true });
  return 100 * (withOne / without - 1);
}

/**
 * What a thread of its own and a pool of one worker add to a step of about 10 ms, in percent: against the same engine in the
 * calling thread, with points that no other thread reaches, so that it hands nothing over.
 */
export async function engineShare(): Promise<number> {
  const { points, start } = drawn(40_000, 8, 16, 0.35);
  const mixture = GaussianMixture.fromParameters(start);
  await using pooled = await createEngine({ threads: 1, kernel: "simd" });
  await using alone = await createEngine({ threads: 1, kernel: "simd", offThread: false });
  const loaded = await pooled.load(points);
  const { tiles } = loaded;
  const own = new LoadedPoints({ ...tiles, data: coordinates(tiles, 0, tileCount(tiles)).slice() });
  const stepOf = stepTimer(pooled, loaded, mixture);
  const stepAlone = stepTimer(alone, own, mixture);
  for (let round = 0; round < 8; round++) {
    await stepAlone.measure();
    await stepOf.measure();
  }
  return 100 * (stepOf.least() / stepAlone.least() - 1);
}

/** Times EM steps, without what surrounds them: the least of many is taken before one is subtracted from the other. */
function stepTimer(engine: Engine, points: LoadedPoints, mixture: GaussianMixture) {
  const least = new Map([5, 45].map((steps) => [steps, Number.POSITIVE_INFINITY]));
  return {
    async measure() {
      for (const [steps, before] of least) {
        least.set(steps, Math.min(before, await timeOf(() => engine.fitModelEm(points, { mixture, steps }))));
      }
    },
    least: () => ((least.get(45) as number) - (least.get(5) as number)) / 40,
  };
}

/** 200 predictions beside a long fit, 20 fits at once, and what the event loop of the caller sees of both. */
export async function serve(threads: number, row: Row): Promise<void> {
  await using engine = await createEngine({ threads, maxConcurrent: 20 });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const large = await engine.load(drawn(100_000, 16, 256).points);
  const small = drawn(1000, 8, 8);
  const mixture = GaussianMixture.fromParameters(small.start);
  await engine.predict(small.points, { mixture });
  const long = engine.fit(large, { components: 256, tolerance: 0, maxIterations: 10_000 });
  const predictions = [];
  for (let i = 0; i < 200; i++) predictions.push(await timeOf(() => engine.predict(small.points, { mixture })));
  long.stop();
  await Promise.resolve(long).catch(() => {});
  row("200 predictions beside a fit of k = 256", predictions);

  const began = performance.now();
  const sizes = Array.from({ length: 20 }, (_, i) => 2000 * (1 + ((i * 7) % 20)));
  const ends = await Promise.all(
    sizes.map(async (count) => {
      await engine.fit(drawn(count, 8, 8).points, { components: 8, tolerance: 0, maxIterations: 100 });
      return performance.now() - began;
    }),
  );
  delay.disable();
  const mean = ends.reduce((sum, end) => sum + end, 0) / ends.length;
  row("20 fits at once: mean of the last end, %", [(100 * mean) / Math.max(...ends)]);
  row("event loop of the caller in all of it, p99", [delay.percentile(99) / 1e6]);
}
