import type { KernelKind } from "@emix/core";
import { describe, expect, test } from "vitest";
import { runEm } from "../support/check-fit.ts";
import { digitsOf, type ExactCase, illConditionedCases, moreIllConditionedCases, startOf } from "../support/digits.ts";

/** log₁₀ of the condition of a collinear case, which its name states. */
function condition(name: string): number {
  return Math.log10(Number(name.split("~")[1]));
}

/**
 * The digits that a case must reach: log-likelihood, means, covariances. Two cases with weights amplify errors tenfold in five
 * steps, so that the order of the SIMD kernels' sums costs them half a digit; on average it costs a tenth, with or without weights.
 */
function required({ name }: ExactCase, kernel: KernelKind): [number, number, number] {
  if (name.startsWith("collinear")) {
    const half = 16 - 0.5 * condition(name) - 0.5;
    return [half, half, half];
  }
  if (name.startsWith("point weights") && kernel !== "reference") return [15, 15, 14.5];
  return name.startsWith("all points") ? [15, 11, 11] : [15, 15, 15];
}

describe.each(["reference", "simd"] as const)("digits against 60-digit arithmetic, %s kernel", (kernel) => {
  const [cases, more] = [illConditionedCases(), moreIllConditionedCases()];

  test("the files hold 49 and 69 cases", () => {
    expect([cases.length, more.length]).toEqual([49, 69]);
  });

  test.each([...cases, ...more].map((given) => [`${given.name}, ${given.covarianceType}`, given] as const))(
    "%s",
    async (_, given) => {
      const { points, pointWeights, nSteps } = given;
      const { mixture } = await runEm({ points, pointWeights, start: startOf(given), maxIterations: nSteps, kernel });
      const { ll, means, cov } = digitsOf(mixture, given);
      const [leastLl, leastMeans, leastCov] = required(given, kernel);
      expect(ll).toBeGreaterThanOrEqual(leastLl);
      expect(means).toBeGreaterThanOrEqual(leastMeans);
      expect(cov).toBeGreaterThanOrEqual(leastCov);
    },
  );
});
