import type { FitStep, ResolvedFitOptions } from "@emix/core";

/** What a command is doing. */
export type Stage = "reading" | "starts" | "fit" | "scoring" | "resampling";

/** What is to be known of a fit before it begins. */
export type PlannedFit = Pick<ResolvedFitOptions, "components" | "inference" | "prior" | "restarts" | "maxIterations">;

/** What a worker of a cluster did of the latest pass. */
export interface WorkerLine {
  readonly worker: string;
  readonly points: number;
  /** time spent computing, and waiting for others */
  readonly milliseconds: number;
  readonly waiting: number;
}

/** Where a stage stands. */
export interface State {
  readonly stage: Stage;
  /** what it is about, as the name of a file */
  readonly subject: string;
  /** on the clock of `performance` */
  readonly began: number;
  /** of the fit, once it is known; total: iterations of all starts, at most; model: which one it is of several, or "" */
  readonly plan: (PlannedFit & { readonly points: number; readonly total: number; readonly model: string }) | undefined;
  /** the latest iteration */
  readonly step: FitStep | undefined;
  /** how much of the file is read, or of the resamples fitted, from 0 to 1 */
  readonly fraction: number | undefined;
  /** iterations so far, of all starts */
  readonly done: number;
  /** greatest lower bound so far */
  readonly best: number;
  /** of a fit on several machines; none on one */
  readonly workers: readonly WorkerLine[];
}

/** A way to show it. */
export interface View {
  /** A stage begins. */
  begin(state: State): void;
  /** At most ten times a second. */
  show(state: State, now: number): void;
  /** Takes away what is to make room for other lines. */
  clear(): void;
}

/** Points a second, in all iterations so far; undefined before the second one. */
export function speedOf({ plan, done, began }: State, now: number): number | undefined {
  return plan === undefined || done < 2 ? undefined : (plan.points * done) / ((now - began) / 1000);
}

/** How much is done of what there can be; undefined where that is not known. */
export function shareOf({ plan, step, done, fraction }: State): number | undefined {
  if (step?.part !== undefined) return undefined;
  return step !== undefined && plan !== undefined ? done / plan.total : fraction;
}

/** Seconds to the last iteration that there can be. */
export function secondsLeft({ plan, done, began }: State, now: number): number | undefined {
  if (plan === undefined || done < 2) return undefined;
  return (Math.max(0, plan.total - done) * (now - began)) / 1000 / done;
}
