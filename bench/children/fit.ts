import { type FitOptions, planFit, resolveFitOptions } from "@emix/core";
import { draw } from "../data.ts";
import { answer } from "../support/child.ts";
import type { EmixOptions, FitOutcome } from "../support/emix.ts";
import { peakMemory, restartPeak } from "../support/memory.ts";
import { watchOutsideLoad } from "../support/outside-load.ts";
import type { Workload } from "../support/workloads.ts";

export interface FitQuestion extends EmixOptions {
  readonly workload: Workload;
  readonly options: Omit<FitOptions, "components" | "covarianceType">;
  /** fits, one after the other in one engine, before the peak is read */
  readonly fits: number;
}

/** Times in ms, memory in bytes. */
export interface FitAnswer {
  /** engine started, points copied into it */
  readonly load: number;
  readonly fit: number;
  /** the quickest of the same fit again, where that is soon done */
  readonly again: number | null;
  /** resident at most, beyond the caller's own points and what a bare process takes */
  readonly peak: number;
  /** what `planFit` says, and 128 MiB for the engine's threads and modules */
  readonly promise: number;
  /** cores that others kept busy during the fit */
  readonly outsideLoad: number;
  /** or the code of the error that the fit ended with */
  readonly outcome: FitOutcome | string;
}

const MODULES_BYTES = 128 * 2 ** 20;
/** ms */
const SOON = 1000;

// The package as it is published: from sources, every thread holds a compiler of TypeScript.
const { createEngine, EmixError }: typeof import("emix") = await import(
  new URL("../../packages/emix/dist/index.js", import.meta.url).href
);

await answer(async ({ workload, options, fits, ...settings }: FitQuestion): Promise<FitAnswer> => {
  const { points } = draw(workload);
  const baseline = restartPeak();
  const began = performance.now();
  const { threads, kernel } = settings;
  const engine = await createEngine({ threads, ...(kernel !== undefined && { kernel }) });
  const loaded = await engine.load(points);
  const load = performance.now() - began;
  const { components, covarianceType } = workload;
  const whole = { ...options, components, covarianceType };
  const run = () => timed(() => engine.fit(loaded, whole));
  const outsideLoad = watchOutsideLoad();
  const { milliseconds: fit, outcome } = await run();
  const others = outsideLoad();
  for (let i = 1; i < fits; i++) await run();
  const peak = peakMemory() - baseline;
  const again = fit < SOON ? await quickest(run) : null;
  await engine.close();
  const promise = promiseOf(workload, whole, threads);
  return { load, fit, again, peak, promise, outsideLoad: others, outcome };
});

async function timed(fit: () => PromiseLike<FitOutcome>) {
  const began = performance.now();
  const outcome: FitOutcome | string = await Promise.resolve(fit()).catch((error: unknown) => {
    if (error instanceof EmixError) return error.code;
    throw error;
  });
  return { milliseconds: performance.now() - began, outcome };
}

async function quickest(run: () => Promise<{ milliseconds: number }>): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + SOON;
  while (performance.now() < end) times.push((await run()).milliseconds);
  return Math.min(...times);
}

function promiseOf({ count: points, features, dtype }: Workload, options: FitOptions, threads: number): number {
  return planFit({ points, features, dtype }, resolveFitOptions(options), threads).bytes.peak + MODULES_BYTES;
}
