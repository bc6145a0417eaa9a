import { expectation, GaussianMixture, inThreadExecutor, rounded, tilePoints } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WEIGHT_TOTAL } from "../../../../packages/core/src/sufficient-statistics.ts";
import { law } from "../../../support/laws.ts";

describe("the reference kernel", () => {
  const points = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -40, max: 40 })), {
    minLength: 1,
    maxLength: 200,
  });

  law("rounds each sum of a block once, whatever the weights", points, 60, async (pairs) => {
    const standard = GaussianMixture.fromParameters({
      weights: [1],
      means: [0],
      covariances: [1],
      covarianceType: "diag",
    });
    const [data, weights] = [pairs.map(([x]) => [x]), pairs.map(([, exponent]) => 2 ** exponent)];
    const executor = inThreadExecutor(tilePoints(data, weights), "reference");
    const statistics = await expectation(executor, standard.parameters);
    const { responsibilitySums, weightedSums, scatter } = statistics.layout;
    const slot = rounded(statistics);
    // Multiples of 2⁻⁴⁰, so integers in these units.
    const exact = (power: number) =>
      Number(pairs.reduce((sum, [x, exponent]) => sum + ((BigInt(x) ** BigInt(power)) << BigInt(exponent + 40)), 0n)) /
      2 ** 40;
    expect(slot[WEIGHT_TOTAL]).toBe(exact(0));
    expect(slot[responsibilitySums]).toBe(exact(0));
    expect(slot[weightedSums]).toBe(exact(1));
    expect(slot[scatter]).toBe(exact(2));
  });

  test("tells components apart by less than the spacing of doubles at their log densities", () => {
    // At |lp| = 2⁵¹ doubles are ½ apart. lp differs by x m − m²/2.
    const [x, m] = [2 ** 26 + 1, 2 ** -26];
    const mixture = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [0, m],
      covariances: [1, 1],
      covarianceType: "spherical",
    });
    const [far, near] = mixture.predictProba([[x]]);
    expect(Math.log(near / far)).toBeCloseTo(x * m, 14);
  });

  test("does not tell apart what is farther than doubles reach", () => {
    const mixture = GaussianMixture.fromParameters({
      weights: [0.25, 0.75],
      means: [0, 1],
      covariances: [1, 1],
      covarianceType: "spherical",
    });
    expect(mixture.predictProba([[1e160]])).toEqual(Float64Array.of(0.5, 0.5));
  });
});
