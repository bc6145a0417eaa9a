import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { fromLabels } from "../../packages/core/src/fit/initialization/start.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { plainRules } from "../../packages/core/src/step/rules.ts";
import { type ExpectedParameters, parameterError } from "../support/check-fit.ts";
import { golden } from "../support/golden.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { nearestLabels } from "../support/nearest-labels.ts";

interface OttKmeansPlusPlusCase {
  readonly name: string;
  readonly points: number[][];
  readonly pointWeights: number[] | null;
  readonly centres: number[][];
  readonly labels?: number[];
  readonly expected: ExpectedParameters;
}

const TOLERANCE = 2e-14;
const TIE = "exact-tie-goes-to-both";

const { cases } = golden<{ cases: OttKmeansPlusPlusCase[] }>("ott-kmeanspp");

async function fromItsCentres({ points, pointWeights, centres }: OttKmeansPlusPlusCase): Promise<GaussianMixture> {
  const executor = inThreadExecutor(tilePoints(points, pointWeights ?? undefined));
  const all = Float64Array.from(centres.flat());
  const { mixture, warnings } = await fromLabels(
    executor,
    nearestLabels(executor.tiles, all),
    { centres: all, covarianceType: "full" },
    plainRules(executor.tiles.features),
  );
  expect(warnings).toEqual([]);
  return new GaussianMixture(mixture);
}

describe("OTT-JAX from_kmeans_plusplus, given the centres it drew", () => {
  test("the file holds 9 cases", () => {
    expect(cases.length).toBe(9);
  });

  test.each(cases.filter(({ name }) => name !== TIE).map((given) => [given.name, given] as const))(
    "%s",
    async (_, given) => {
      const mixture = await fromItsCentres(given);
      expect(parameterError(mixture, given.expected)).toBeLessThan(TOLERANCE);
    },
  );

  test("departure: a point as near to two centres goes to the first alone, where OTT counts it for both", async () => {
    const given = cases.find(({ name }) => name === TIE) as OttKmeansPlusPlusCase;
    const mixture = await fromItsCentres(given);
    expect(given.expected.weights).toEqual([0.5, 0.5]);
    expect([...mixture.weights]).toEqual([5 / 8, 3 / 8]);
    expect([...mixture.means]).toEqual([1, 0.5, 11 / 3, 0.5]);
    const hard = given.points.map(([x]) => (x <= 2 ? [1, 0] : [0, 1]));
    const expected = GaussianMixture.fromPointsAndAssignmentProbs(given.points, { assignmentProbs: hard });
    expect(parameterError(mixture, expected)).toBeLessThan(TOLERANCE);
  });
});
