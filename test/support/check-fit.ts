import { type CovarianceType, GaussianMixture } from "@emix/core";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { error, type Nested } from "./compare.ts";
import { inThreadExecutor } from "./in-thread-executor.ts";
import { regularizationOf } from "./regularization.ts";
import { iterations } from "./steps.ts";

/** Parameters as fixtures write them; covariances in scikit-learn's shapes. */
export interface ExpectedParameters {
  readonly weights: Nested;
  readonly means: Nested;
  readonly covariances: Nested;
}

interface EmCase {
  readonly points: number[][];
  readonly pointWeights?: readonly number[] | null | undefined;
  readonly start: GaussianMixture;
  /** added to every variance */
  readonly ridge?: number;
  /** default 0: all iterations are taken */
  readonly tolerance?: number;
  readonly maxIterations: number;
  readonly kernel?: "reference" | "simd";
}

/** The one place where golden tests touch the EM loop: every iteration from a stated start. */
export async function runEm({ points, pointWeights, start, ridge = 0, tolerance = 0, maxIterations, kernel }: EmCase) {
  const executor = inThreadExecutor(tilePoints(points, pointWeights ?? undefined), kernel);
  const regularization = regularizationOf(new Float64Array(start.features), ridge);
  const taken = await iterations(executor, start, { tolerance, maxIterations, regularization });
  const last = taken[taken.length - 1];
  return {
    iterations: taken,
    lowerBounds: taken.map((step) => step.lowerBound),
    at: (iteration: number) => new GaussianMixture(taken[iteration - 1].mixture),
    mixture: new GaussianMixture(last.mixture),
    converged: last.converged,
  };
}

/** Largest error of weights, means and covariances against a fixture. */
export function parameterError(mixture: GaussianMixture, expected: ExpectedParameters): number {
  return Math.max(
    error(mixture.weights, expected.weights),
    error(mixture.means, expected.means),
    error(mixture.covariances, expected.covariances),
  );
}

/** A mixture from hard labels by one M-step, as peers start theirs. */
export function fromLabels(
  points: number[][],
  labels: readonly number[],
  components: number,
  covarianceType: CovarianceType,
  ridge = 0,
): GaussianMixture {
  const assignmentProbs = labels.map((label) => Array.from({ length: components }, (_, c) => (c === label ? 1 : 0)));
  return GaussianMixture.fromPointsAndAssignmentProbs(points, {
    assignmentProbs,
    covarianceType,
    regularization: { absolute: ridge },
  });
}
