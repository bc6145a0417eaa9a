import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { type ExpectedParameters, parameterError } from "../support/check-fit.ts";
import { golden } from "../support/golden.ts";

interface OttMStepCase {
  readonly name: string;
  readonly points: number[][];
  readonly pointWeights: number[];
  readonly assignmentProbs: number[][];
  readonly expected: ExpectedParameters & { readonly rawWeights: number[] };
}

const TOLERANCE = 3e-15;

const { cases } = golden<{ cases: OttMStepCase[] }>("ott-m-step");

describe("OTT-JAX from_points_and_assignment_probs", () => {
  test("the file holds 16 cases", () => {
    expect(cases.length).toBe(16);
  });

  test.each(cases.map((given) => [given.name, given] as const))("%s", (_, given) => {
    const { points, pointWeights, assignmentProbs, expected } = given;
    const mixture = GaussianMixture.fromPointsAndAssignmentProbs(points, { pointWeights, assignmentProbs });
    expect(parameterError(mixture, expected)).toBeLessThan(TOLERANCE);

    const flat = { pointWeights, assignmentProbs: Float64Array.from(assignmentProbs.flat()) };
    expect(GaussianMixture.fromPointsAndAssignmentProbs(points, flat)).toEqual(mixture);
  });
});
