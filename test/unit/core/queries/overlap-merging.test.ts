import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../support/scenes.ts";

const line = (means: number[], variances: number[], weights?: number[]) =>
  GaussianMixture.fromParameters({
    weights: weights ?? means.map(() => 1 / means.length),
    means: means.map((mean) => [mean]),
    covariances: variances,
    covarianceType: "spherical",
  });

/** exp(−d) of two normal distributions. */
function overlap([mean, variance]: number[], [other, its]: number[]): number {
  return (
    Math.sqrt((2 * Math.sqrt(variance * its)) / (variance + its)) *
    Math.exp(-((mean - other) ** 2) / (4 * (variance + its)))
  );
}

describe("merging by overlap", () => {
  test("takes the two most alike first, and then their common mean and variance", () => {
    const { clusterings } = line([0, 10, 1, 14], [1, 1, 4, 1], [0.1, 0.2, 0.3, 0.4]).mergeByOverlap();
    expect(clusterings.map(({ clusterOf }) => [...clusterOf])).toEqual([
      [0, 1, 2, 3],
      [0, 1, 0, 2],
      [0, 1, 0, 1],
      [0, 0, 0, 0],
    ]);
    expect(clusterings[0].value).toBeCloseTo(overlap([0, 1], [1, 4]), 12);
    // 0 and 1 with weights 1 : 3 have mean 0.75 and variance 0.25 + 3 + 0.1875; 10 and 14 with 1 : 2 have 38/3 and 1 + 32/9.
    expect(clusterings[1].value).toBeCloseTo(overlap([10, 1], [14, 1]), 12);
    expect(clusterings[2].value).toBeCloseTo(overlap([0.75, 3.4375], [38 / 3, 41 / 9]), 12);
    expect(clusterings[3].value).toBe(0);
  });

  test("does not depend on units, or on how far from 0 the means lie", () => {
    const near = line([0, 3, 4.5, 9], [1, 1, 2, 1]).mergeByOverlap();
    for (const moved of [
      line([1e9, 1e9 + 3, 1e9 + 4.5, 1e9 + 9], [1, 1, 2, 1]),
      line([0, 3e80, 4.5e80, 9e80], [1e160, 1e160, 2e160, 1e160]),
    ]) {
      moved.mergeByOverlap().clusterings.forEach(({ clusterOf, value }, i) => {
        expect(clusterOf).toEqual(near.clusterings[i].clusterOf);
        expect(value).toBeCloseTo(near.clusterings[i].value, 10);
      });
    }
  });

  test.each(COVARIANCE_TYPES)("goes on to one cluster: %s", (type) => {
    const mixture = mixtureOf(type, 5, 3, randomStream(2, type));
    const { clusterings } = mixture.mergeByOverlap();
    expect(clusterings.map(({ clusters }) => clusters)).toEqual([5, 4, 3, 2, 1]);
    for (const { value } of clusterings) expect(value >= 0 && value <= 1).toBe(true);
  });

  test("takes components of weight 0, and a single component", () => {
    expect(line([0, 1, 2], [1, 1, 1], [0, 0, 1]).mergeByOverlap().clusterings).toHaveLength(3);
    expect(line([0], [1]).mergeByOverlap().clusterings).toEqual([
      { clusters: 1, clusterOf: Int32Array.of(0), value: 0 },
    ]);
  });
});
