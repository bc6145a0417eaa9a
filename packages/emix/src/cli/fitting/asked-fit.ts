import { type FitOptions, type FitStep, type ResolvedFitOptions, resolveFitOptions } from "@emix/core";
import { type FitResult, type FitRun, type LoadedPoints, readKeptFit, type SignalOption } from "@emix/workers";
import type { Engine } from "../../engine.ts";

/** What a command adds to a fit. */
interface Call extends SignalOption {
  readonly onStep: (step: FitStep) => void;
}

/** A fit that a command was asked for, from its beginning or from a checkpoint. */
export interface AskedFit {
  readonly options: ResolvedFitOptions;
  /** Begins it, or goes on. If it writes checkpoints, the signal ends it after the step under way. */
  begin(engine: Engine, points: LoadedPoints, call: Call): FitRun<FitStep, FitResult>;
  /** The same where the components of some rows are known. @throws as `resolveFitOptions` */
  withKnown(knownComponents: ArrayLike<number>): AskedFit;
}

/** in: checkpoint, the file to write; undefined: none @throws as `resolveFitOptions` */
export function newFit(options: FitOptions, checkpoint: string | undefined): AskedFit {
  return {
    options: resolveFitOptions(options),
    withKnown: (knownComponents) => newFit({ ...options, knownComponents }, checkpoint),
    begin(engine, points, { signal, onStep }) {
      if (checkpoint === undefined) return engine.fit(points, { ...options, onStep, ...(signal && { signal }) });
      return stoppedBy(signal, engine.fit(points, { ...options, onStep, checkpoint: { path: checkpoint } }));
    },
  };
}

/** @throws BAD_CHECKPOINT */
export async function resumedFit(path: string): Promise<AskedFit> {
  const { options } = await readKeptFit(path);
  const asked: AskedFit = {
    options,
    withKnown: () => asked, // the checkpoint knows them
    begin: (engine, points, { signal, onStep }) => stoppedBy(signal, engine.resume(path, points, { onStep })),
  };
  return asked;
}

function stoppedBy<Run extends FitRun<FitStep, FitResult>>(signal: AbortSignal | undefined, run: Run): Run {
  if (signal?.aborted) run.stop();
  signal?.addEventListener("abort", () => run.stop(), { once: true });
  return run;
}
