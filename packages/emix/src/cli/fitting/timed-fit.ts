import type { FitStep, ResolvedFitOptions } from "@emix/core";
import type { FitResult } from "@emix/workers";
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
  fit: (onStep: (step: FitStep) => void) => PromiseLike<FitResult>,
  options: ResolvedFitOptions,
  count: number,
  progress: Progress,
): Promise<TimedFit> {
  progress.plan(options, count);
  progress.stage("starts", "");
  const cpu = process.cpuUsage();
  const began = performance.now();
  let first = 0;
  let last = 0;
  let steps = 0;
  const onStep = (step: FitStep) => {
    if (step.part !== undefined) return progress.step(step);
    last = performance.now();
    if (steps++ === 0) first = last;
    progress.step(step);
  };
  const result = await fit(onStep);
  const { user, system } = process.cpuUsage(cpu);
  const busyCores = (user + system) / 1000 / (performance.now() - began);
  return { result, busyCores, stepMilliseconds: steps > 1 ? (last - first) / (steps - 1) : last - began };
}
