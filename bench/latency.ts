import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Engine } from "@emix/workers";
import { createEngine } from "../packages/workers/src/engine/engine.ts";
import { draw } from "./data.ts";
import { numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { checkpointShare, engineShare, firstCall, fitRows, predictRows, type Row, serve } from "./support/server.ts";
import { short, Table } from "./support/table.ts";
import { customWorkload } from "./support/workloads.ts";

const FLAGS = ["count", "features", "components", "threads", "repeats"];

/** Promises that are times: what a host feels of a fit off its thread, how soon an abort is answered, a small fit. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const repeats = wholeNumber(flags.repeats, 20);
  const [threads] = numbers(flags.threads, [2]);
  const components = wholeNumber(flags.components, 16);
  const workload = customWorkload({
    count: wholeNumber(flags.count, 1_000_000),
    features: wholeNumber(flags.features, 16),
    components,
    covarianceType: "full",
    spread: 0.35,
  });
  console.log(describeMachine());
  const table = new Table({ promise: 44, least: 8, median: 8, "99 %": 8, most: 8, unit: 4 });
  const row: Row = (promise, values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share: number) => short(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
    table.print({
      promise,
      least: at(0),
      median: at(0.5),
      "99 %": at(0.99),
      most: at(1),
      unit: promise.endsWith("%") ? "%" : "ms",
    });
  };

  const engine = await createEngine({ threads });
  const points = await engine.load(draw(workload).points);
  const fitting = { components, tolerance: 0 };
  await engine.fit(points, { ...fitting, maxIterations: 1 });
  row("event loop delay, p99, fit off the thread", await times(repeats / 4, () => eventLoopDelay(engine, points)));
  row("abort → rejection", await times(repeats, (i) => abortLatency(engine, points, 20 + 37 * i)));
  row("whole fit of iris, k = 3, warm", await times(repeats, () => smallFit(engine)));
  row(
    "checkpoint every 10 of 20 steps, %",
    await times(repeats / 4, () => checkpointShare(engine, points, components)),
  );
  await engine.close();
  row("first predict of an engine − a later one", await times(repeats / 4, () => firstCall(threads, predictRows)));
  row("first fit of an engine − a later one", await times(repeats / 4, () => firstCall(threads, fitRows)));
  row("step of 10 ms: engine − executor, %", [await engineShare()]);
  await serve(threads, row);

  async function eventLoopDelay(on: Engine, loaded: typeof points): Promise<number> {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await on.fit(loaded, { ...fitting, maxIterations: 5 });
    delay.disable();
    return delay.percentile(99) / 1e6;
  }

  async function abortLatency(on: Engine, loaded: typeof points, after: number): Promise<number> {
    const controller = new AbortController();
    let abortedAt = Number.NaN;
    setTimeout(() => {
      abortedAt = performance.now();
      controller.abort();
    }, after);
    await Promise.resolve(on.fit(loaded, { ...fitting, signal: controller.signal })).catch(() => {});
    return performance.now() - abortedAt;
  }
}

async function smallFit(engine: Engine): Promise<number> {
  const began = performance.now();
  await engine.fit(IRIS, { components: 3, seed: 1 });
  return performance.now() - began;
}

const IRIS = readFileSync(new URL("../data/iris.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(",").slice(0, 4).map(Number));

/** The first is not counted: it warms up. */
async function times(count: number, measure: (index: number) => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i <= count; i++) values.push(await measure(i));
  return values.slice(1);
}
