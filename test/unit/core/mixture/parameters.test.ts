import { GaussianMixture, type MixtureParameters } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { expectFailure } from "../../../support/failures.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../support/scenes.ts";

const good = {
  weights: [0.25, 0.75],
  means: [
    [0, 1],
    [2, 3],
  ],
  covariances: [
    [
      [2, 0.5],
      [0.5, 1],
    ],
    [
      [1, 0],
      [0, 4],
    ],
  ],
};

describe("a mixture from parameters", () => {
  test("nested or flat, the same", () => {
    const mixture = GaussianMixture.fromParameters(good);
    const flat = {
      weights: Float64Array.from(good.weights),
      means: Float64Array.from(good.means.flat()),
      covariances: Float64Array.from(good.covariances.flat(2)),
    };
    expect(GaussianMixture.fromParameters(flat)).toEqual(mixture);
    expect([mixture.components, mixture.features, mixture.covarianceType]).toEqual([2, 2, "full"]);
    expect([...mixture.covariances]).toEqual(good.covariances.flat(2));
  });

  test.each([
    [
      "tied",
      [
        [2, 0.5],
        [0.5, 1],
      ],
      [2, 0.5, 0.5, 1],
    ],
    [
      "diag",
      [
        [1, 2],
        [3, 4],
      ],
      [1, 2, 3, 4],
    ],
    ["spherical", [1, 2], [1, 2]],
  ] as const)("shapes of %s", (covarianceType, covariances, flat) => {
    const mixture = GaussianMixture.fromParameters({ ...good, covarianceType, covariances });
    expect([...mixture.covariances]).toEqual(flat);
  });

  test.each(COVARIANCE_TYPES)("arrays handed out are copies: %s", (type) => {
    const mixture = mixtureOf(type, 2, 2, randomStream(1, "copies"));
    for (const property of [
      "weights",
      "means",
      "covariances",
      "variances",
      "precisionsCholesky",
      "meansResidual",
    ] as const) {
      mixture[property].fill(9);
      expect(mixture[property].includes(9)).toBe(false);
    }
  });

  test.each<[string, object, string, RegExp]>([
    [
      "nothing",
      { weights: undefined },
      "INVALID_MIXTURE",
      /`weights` to be numbers in a flat or nested array, got undefined/,
    ],
    ["no components", { weights: [], means: [], covariances: [] }, "INVALID_MIXTURE", /one mean for each of 0 weight/],
    ["means for fewer", { means: [1, 2, 3] }, "INVALID_MIXTURE", /each of 2 weight\(s\), k × d numbers in all, got 3/],
    ["no means", { means: [] }, "INVALID_MIXTURE", /got 0\./],
    [
      "few covariances",
      { covariances: [1, 1] },
      "INVALID_MIXTURE",
      /`covariances` to hold 8 numbers: type "full", 2 component.*; got 2/,
    ],
    [
      "another type",
      { covarianceType: "round" },
      "INVALID_MIXTURE",
      new RegExp(`one of ${COVARIANCE_TYPES.join(", ")}, got "round"`),
    ],
    ["a negative weight", { weights: [-0.5, 1.5] }, "INVALID_MIXTURE", /to be 0 or more, got -0\.5 for component 0/],
    ["weights of 0.9", { weights: [0.4, 0.5] }, "INVALID_MIXTURE", /sum to 1, got a sum of 0\.9/],
    ["a NaN", { means: [0, Number.NaN, 1, 2] }, "INVALID_MIXTURE", /`means` to be finite numbers, got NaN at index 1/],
    ["infinity", { weights: [Number.POSITIVE_INFINITY, 0] }, "INVALID_MIXTURE", /`weights` to be finite/],
    ["text", { means: ["0", 1, 2, 3] }, "INVALID_MIXTURE", /`means` to be numbers in a flat or nested array, got "0"/],
    [
      "not symmetric",
      { covariances: [1, 0.5, 0, 1, 1, 0, 0, 1] },
      "INVALID_MIXTURE",
      /entries \(0, 1\) and \(1, 0\) of matrix 0 differ/,
    ],
    ["not definite", { covariances: [1, 2, 2, 1, 1, 0, 0, 1] }, "COLLAPSED_COMPONENT", /Component 0 of 2 collapsed/],
    [
      "a variance of 0",
      { covariances: [1, 0], covarianceType: "spherical" },
      "COLLAPSED_COMPONENT",
      /Component 1 of 2/,
    ],
    [
      "a negative one",
      { covariances: [1, 1, -1, 1], covarianceType: "diag" },
      "COLLAPSED_COMPONENT",
      /Component 1 of 2/,
    ],
  ])("%s: a typed error", (_, change, code, message) => {
    expectFailure(() => GaussianMixture.fromParameters({ ...good, ...change }), code, message);
  });

  test.each([null, undefined, 3])("no parameters: %s", (given) => {
    expectFailure(
      () => GaussianMixture.fromParameters(given as unknown as MixtureParameters),
      "INVALID_MIXTURE",
      /`weights`, `means` and/,
    );
  });

  test("a weight of 0 takes no part, and is −∞, never NaN", () => {
    const mixture = GaussianMixture.fromParameters({ ...good, weights: [1, 0] });
    const points = [
      [2, 3],
      [0, 1],
      [1e200, -1e200],
    ];
    expect([...mixture.predictProba(points)]).toEqual([1, 0, 1, 0, 1, 0]);
    expect([...mixture.predict(points)]).toEqual([0, 0, 0]);
    expect([...mixture.logComponentPosterior(points)].filter((_, i) => i % 2 === 1)).toEqual(
      new Array(3).fill(Number.NEGATIVE_INFINITY),
    );
    expect([...mixture.conditionalLogProb(points)].every(Number.isFinite)).toBe(true);
    expect([...mixture.logWeights]).toEqual([0, Number.NEGATIVE_INFINITY]);
  });
});
