import { type FitStep, resolveFitOptions } from "@emix/core";
import type { EngineFitOptions, FitResult } from "@emix/workers";
import type { Progress } from "../progress/progress.ts";

/** A fit with what it cost. */
export interface TimedFit {
  readonly result: FitResult;
  /** processor time over wall time */
  readonly busyCores: number;
  /** wall time of an EM step of one start */
  readonly stepMilliseconds: number;
}

/** in: fit, by an engine or a cluster; count, of the points */
export async function timedFit(
  fit: (options: EngineFitOptions) => PromiseLike<FitResult>,
  count: number,
  { signal, ...options }: EngineFitOptions,
  progress: Progress,
): Promise<TimedFit> {
  progress.plan(resolveFitOptions(options), count);
  progress.stage("starts", "");
  const cpu = process.cpuUsage();
  const began = performance.now();
  let first = 0;
  let last = 0;
  let steps = 0;
  const onStep = (step: FitStep) => {
    last = performance.now();
    if (steps++ === 0) first = last;
    progress.step(step);
  };
  const result = await fit({ ...options, ...(signal && { signal }), onStep });
  const { user, system } = process.cpuUsage(cpu);
  const busyCores = (user + system) / 1000 / (performance.now() - began);
  return { result, busyCores, stepMilliseconds: steps > 1 ? (last - first) / (steps - 1) : last - began };
}
