import type { CovarianceType } from "../../covariance/types.ts";
import { EmixError, initializationFailed, tooManyComponents } from "../../errors.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { Executor } from "../../passes/executor.ts";
import { randomStream, type Seed } from "../../random.ts";
import type { Rules } from "../../step/rules.ts";
import { kMeansPlusPlus } from "./k-means-plus-plus.ts";
import { fromLabels } from "./start.ts";

/** OTT-JAX's start: plain k-means++ with one candidate per centre, hard assignment, one M-step. */
export interface PlainStart {
  readonly components: number;
  readonly covarianceType: CovarianceType;
  readonly seed: Seed;
  readonly rules: Rules;
}

/** @throws TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT */
export async function fromKmeansPlusPlus(executor: Executor, start: PlainStart, attempt = 0): Promise<Mixture> {
  const { components, covarianceType, seed, rules } = start;
  const [{ mixture }] = await kMeansPlusPlus(
    executor,
    { components, candidates: 1 },
    [randomStream(seed, "initialize", attempt)],
    ({ centres, labels }) => fromLabels(executor, labels, { centres, covarianceType }, rules),
  );
  return mixture;
}

/**
 * Like `fromKmeansPlusPlus`, but tries again with new draws while a component collapses.
 * @throws TOO_MANY_COMPONENTS, INITIALIZATION_FAILED with the last cause
 */
export async function initialize(
  executor: Executor,
  start: PlainStart,
  attempts: number,
  counted: number,
): Promise<Mixture> {
  if (start.components > counted) throw tooManyComponents(start.components, counted);
  let last: EmixError | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      return await fromKmeansPlusPlus(executor, start, attempt);
    } catch (error) {
      if (!(error instanceof EmixError && RETRIED.has(error.code))) throw error;
      last = error;
    }
  }
  throw initializationFailed(attempts, last as EmixError);
}

const RETRIED: ReadonlySet<string> = new Set(["COLLAPSED_COMPONENT", "TOO_FEW_DISTINCT_POINTS"]);
