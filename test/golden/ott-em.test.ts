import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { evaluateNow } from "../../packages/core/src/passes/answers/evaluate-now.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { parameterError, runEm } from "../support/check-fit.ts";
import { error, rows } from "../support/compare.ts";
import { ottEmCases } from "../support/ott-em.ts";

/** What a plain f64 EM reaches is 5e-15; required is 1e-12. */
const TOLERANCE = 1e-14;

const cases = ottEmCases();

describe("OTT-JAX fit_model_em", () => {
  test("the file holds 36 cases", () => {
    expect(cases.length).toBe(36);
  });

  test.each(cases.map((given) => [given.name, given] as const))("%s", async (_, given) => {
    const { points } = given;
    const weights = given.pointWeights ? { pointWeights: given.pointWeights } : {};
    const start = GaussianMixture.fromParameters(given.init);
    const { initial, steps, iterates } = given.expected;

    expect(error(start.predictProba(points), initial.assignmentProbs)).toBeLessThan(TOLERANCE);
    expect(error(start.logProb(points), initial.logProb)).toBeLessThan(TOLERANCE);
    const conditional = rows(start.conditionalLogProb(points), start.components);
    expect(error(conditional.slice(0, 3), initial.conditionalLogProbFirst3)).toBeLessThan(TOLERANCE);
    expect(error(-start.score(points, weights), initial.logProbLoss)).toBeLessThan(TOLERANCE);
    expect(error(expectedJoint(start, start, points, given.pointWeights), initial.q)).toBeLessThan(TOLERANCE);

    const run = await runEm({ points, pointWeights: given.pointWeights, start, maxIterations: given.nSteps });
    for (const [i, { q, logProbLoss }] of steps.entries()) {
      const mixture = run.at(i + 1);
      const before = i === 0 ? start : run.at(i);
      expect(error(-mixture.score(points, weights), logProbLoss)).toBeLessThan(TOLERANCE);
      expect(error(expectedJoint(mixture, before, points, given.pointWeights), q)).toBeLessThan(TOLERANCE);
    }
    for (const [iteration, expected] of Object.entries(iterates)) {
      expect(parameterError(run.at(Number(iteration)), expected)).toBeLessThan(TOLERANCE);
    }
  });
});

/** OTT's get_q: Σ w Σ_c r_c (log π_c + log N_c) / Σ w, responsibilities from the mixture before the step. */
function expectedJoint(
  mixture: GaussianMixture,
  before: GaussianMixture,
  points: number[][],
  pointWeights: readonly number[] | null,
): number {
  const { logJoint } = evaluateNow(tilePoints(points), mixture.parameters, ["logJoint"]);
  const responsibilities = before.predictProba(points);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < points.length; i++) {
    const weight = pointWeights?.[i] ?? 1;
    total += weight;
    for (let c = 0; c < mixture.components; c++) {
      sum += weight * responsibilities[i * mixture.components + c] * logJoint[i * mixture.components + c];
    }
  }
  return sum / total;
}
