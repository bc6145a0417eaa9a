import type { Shape } from "../../covariance/covariances.ts";
import { fromPlainError, type PlainError, toPlainError } from "../../errors.ts";
import { isShaped } from "../../mixture/mixture.ts";
import type { Iteration } from "../../step/iteration.ts";
import { type Warning, WarningLog } from "../../warnings.ts";
import type { Iterate, Restart } from "../restarts.ts";

/** How far a fit has come, once its starts are made. Everything that follows is determined by it, points and options. */
export interface Standing {
  readonly restarts: readonly Restart[];
  /** the iteration after which the starts in the race are compared next */
  compareAt: number;
  /** the start that goes on alone after the race; null: none yet */
  following: number | null;
  /** whether the best start was repaired by exchange on all points */
  refined: boolean;
}

/** A standing as plain data. */
export interface FitState extends Omit<Standing, "restarts"> {
  readonly restarts: readonly RestartState[];
}

interface RestartState extends Pick<Restart, "ended" | "dropped" | "history"> {
  readonly state: Iteration | null;
  readonly failure: PlainError | null;
  readonly warnings: readonly Warning[];
}

/** Is it one that a fit can have, as far as can be told without its points? */
export function isFitState({ restarts }: FitState, shape: Shape): boolean {
  const isPossible = (restart?: RestartState) => restart?.state === null || isShaped(restart?.state?.mixture, shape);
  return Array.isArray(restarts) && restarts.every(isPossible);
}

/** A copy that later iterations do not change. */
export function stateOf({ restarts, compareAt, following, refined }: Standing): FitState {
  return {
    restarts: restarts.map(({ state, ended, dropped, failure, history, warnings }) => ({
      state: state ?? null,
      ended,
      dropped,
      failure: failure === undefined ? null : toPlainError(failure),
      history: history.slice(),
      warnings: warnings.list(),
    })),
    compareAt,
    following,
    refined,
  };
}

export function standingFrom({ restarts, ...rest }: FitState, iterate: Iterate): Standing {
  return {
    ...rest,
    restarts: restarts.map(({ state, ended, dropped, failure, history, warnings }, restart) => ({
      restart,
      state: state ?? undefined,
      iterate,
      ended,
      dropped,
      failure: failure === null ? undefined : fromPlainError(failure),
      history: history.slice(),
      warnings: new WarningLog(warnings),
    })),
  };
}
