import { GaussianMixture } from "@emix/core";
import { expect, test } from "vitest";
import { widen } from "../../../../../packages/core/src/fit/exchange/widen.ts";

test("a mixture of diagonal covariances keeps its density when it is widened", () => {
  const diagonal = GaussianMixture.fromParameters({
    weights: [0.3, 0.7],
    means: [0, 1, 2, 5, 3, -1],
    covariances: [1, 2, 0.5, 4, 0.25, 9],
    covarianceType: "diag",
  });
  const full = new GaussianMixture(widen(diagonal.parameters));
  const points = { data: Float64Array.of(0.5, 1, 2, 4, 3, 0, -1, 0, 7), features: 3 };
  expect([...full.logProb(points)]).toEqual(
    [...diagonal.logProb(points)].map((value) => expect.closeTo(value, 12) as unknown as number),
  );
  expect([...full.covariances]).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 0.5, 4, 0, 0, 0, 0.25, 0, 0, 0, 9]);
});
