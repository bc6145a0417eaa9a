import {
  absoluteRegularization,
  type CovarianceType,
  em,
  GaussianMixture,
  type Iteration,
  inThreadExecutor,
  startFrom,
  tilePoints,
} from "@emix/core";
import { error, type Nested } from "./compare.ts";

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
  const rule = { tolerance, maxIterations };
  const regularization = absoluteRegularization({ absolute: ridge }, start.features);
  const iterations: Iteration[] = [];
  for await (const step of em(executor, startFrom(start.parameters), rule, regularization)) iterations.push(step);
  const last = iterations[iterations.length - 1];
  return {
    iterations,
    lowerBounds: iterations.map((step) => step.lowerBound),
    at: (iteration: number) => new GaussianMixture(iterations[iteration - 1].mixture),
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
