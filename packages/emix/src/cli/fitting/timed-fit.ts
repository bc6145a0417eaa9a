import type { FitStep } from "@emix/core";
import type { FitResult, LoadedPoints } from "@emix/workers";
import type { Engine } from "../../engine.ts";
import type { Progress } from "../progress/progress.ts";
import type { AskedFit } from "./asked-fit.ts";

/** A fit with what it cost. */
export interface TimedFit {
  readonly result: FitResult;
  /** processor time over wall time */
  readonly busyCores: number;
  /** wall time of an EM step of one start */
  readonly stepMilliseconds: number;
}

export async function timedFit(
  engine: Engine,
  points: LoadedPoints,
  { asked, signal }: { readonly asked: AskedFit; readonly signal: AbortSignal },
  progress: Progress,
): Promise<TimedFit> {
  progress.plan(asked.options, points.count);
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
  const result = await asked.begin(engine, points, { signal, onStep });
  const { user, system } = process.cpuUsage(cpu);
  const busyCores = (user + system) / 1000 / (performance.now() - began);
  return { result, busyCores, stepMilliseconds: steps > 1 ? (last - first) / (steps - 1) : last - began };
}
