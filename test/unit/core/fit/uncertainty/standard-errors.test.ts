import { type CovarianceType, type FlatPoints, GaussianMixture } from "@emix/core";
import { inverse, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { standardErrors } from "../../../../../packages/core/src/fit/uncertainty/standard-errors.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { expectRejection } from "../../../../support/failures.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { fittedTo } from "../../../../support/likeliest.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../../support/scenes.ts";

const count = 600;

/** Free parameters of a mixture as a flat array: all weights but the last, means, and distinct entries of covariances. */
function dense(mixture: GaussianMixture) {
  const { components, features, covarianceType, covariances } = mixture;
  const isMatrix = covarianceType === "full" || covarianceType === "tied";
  const mirrored = (i: number) => {
    const [row, column] = [Math.floor(i / features) % features, i % features];
    return i + (column - row) * features - (column - row);
  };
  const free = [...covariances.keys()].filter((i) => !isMatrix || mirrored(i) <= i);
  const theta = [...[...mixture.weights].slice(0, -1), ...mixture.means, ...free.map((i) => covariances[i])];
  const at = (values: readonly number[]): GaussianMixture => {
    const first = values.slice(0, components - 1);
    const next = covariances.slice();
    free.forEach((i, q) => {
      next[i] = values[components - 1 + components * features + q];
      if (isMatrix) next[mirrored(i)] = next[i];
    });
    return GaussianMixture.fromParameters({
      weights: [...first, 1 - first.reduce((sum, weight) => sum + weight, 0)],
      means: values.slice(components - 1, components - 1 + components * features),
      covariances: next,
      covarianceType,
    });
  };
  return { theta, at, free };
}

/** The inverse of minus the matrix of second derivatives of the log-likelihood, by differences. */
function covarianceMatrix(mixture: GaussianMixture, points: FlatPoints, pointWeights: number[]): Matrix {
  const { theta, at } = dense(mixture);
  const total = pointWeights.reduce((sum, weight) => sum + weight, 0);
  const score = (values: readonly number[]) => total * at(values).score(points, { pointWeights });
  const steps = theta.map((value) => 3e-4 * Math.max(0.1, Math.abs(value)));
  const moved = (i: number, a: number, j: number, b: number) =>
    score(theta.map((value, q) => value + (q === i ? a * steps[i] : 0) + (q === j ? b * steps[j] : 0)));
  const hessian = theta.map((_, i) =>
    theta.map((__, j) => {
      const second = moved(i, 1, j, 1) - moved(i, 1, j, -1) - moved(i, -1, j, 1) + moved(i, -1, j, -1);
      return -second / (4 * steps[i] * steps[j]);
    }),
  );
  return inverse(new Matrix(hessian));
}

describe.each(COVARIANCE_TYPES)("standard errors, %s", (type: CovarianceType) => {
  test("are those of the dense matrix of second derivatives", async () => {
    const truth = mixtureOf(type, 2, 2, randomStream(4, type));
    const points = { data: truth.sample(count, { seed: 5 }).points, features: 2 };
    const pointWeights = Array.from({ length: count }, (_, i) => 0.5 + (i % 3));
    const tiles = tilePoints(points, pointWeights);
    const mixture = await fittedTo(tiles, truth);
    const found = await standardErrors(inThreadExecutor(tiles), mixture.parameters);
    const { free } = dense(mixture);
    const expected = covarianceMatrix(mixture, points, pointWeights);
    const deviation = (i: number) => Math.sqrt(expected.get(i, i));
    const close = (value: number, i: number) => expect(Math.abs(value / deviation(i) - 1)).toBeLessThan(1e-4);
    for (const error of found.weights) close(error, 0);
    for (const [i, error] of found.means.entries()) close(error, 1 + i);
    for (const [i, place] of free.entries()) close(found.covariances[place], 5 + i);
  });
});

describe("standard errors", () => {
  test("of one Gaussian have a closed form, in any units", async () => {
    for (const scale of [1, 1e-140, 1e140]) {
      const data = Float64Array.from(
        { length: 400 },
        (_, i) => (Math.sin(i * i) + (i % 2 === 0 ? 0 : 0.3 * Math.cos(i))) * scale,
      );
      const tiles = tilePoints({ data, features: 2 });
      const start = GaussianMixture.fromParameters({
        weights: [1],
        means: [0, 0],
        covariances: [scale * scale, 0, 0, scale * scale],
      });
      const mixture = await fittedTo(tiles, start);
      const found = await standardErrors(inThreadExecutor(tiles), mixture.parameters);
      const { covariances } = mixture;
      expect(found.weights[0]).toBeLessThan(1e-7);
      [0, 3].forEach((own, j) => {
        expect(found.means[j] / Math.sqrt(covariances[own] / 200)).toBeCloseTo(1, 6);
        expect(found.covariances[own] / (covariances[own] * Math.sqrt(2 / 200))).toBeCloseTo(1, 6);
      });
    }
  });

  test("need a maximum, not a slope or a saddle point", async () => {
    const one = GaussianMixture.fromParameters({
      weights: [1],
      means: [0],
      covariances: [1],
      covarianceType: "spherical",
    });
    const tiles = tilePoints({ data: one.sample(500, { seed: 5 }).points, features: 1 });
    const executor = inThreadExecutor(tiles);
    const { means, covariances } = await fittedTo(tiles, one);
    const moved = GaussianMixture.fromParameters({
      weights: [1],
      means: [means[0] + 0.1],
      covariances,
      covarianceType: "spherical",
    });
    await expectRejection(
      standardErrors(executor, moved.parameters),
      "NOT_A_MAXIMUM",
      /but each would gain about 0\.00/,
    );
    const twice = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [means[0], means[0]],
      covariances: [covariances[0], covariances[0]],
      covarianceType: "spherical",
    });
    await expectRejection(
      standardErrors(executor, twice.parameters),
      "NOT_A_MAXIMUM",
      /but it rises, or stays level, in some direction/,
    );
    const empty = GaussianMixture.fromParameters({
      weights: [1, 0],
      means: [0, 1],
      covariances: [1, 1],
      covarianceType: "spherical",
    });
    await expectRejection(
      standardErrors(executor, empty.parameters),
      "INVALID_OPTION",
      /whose components all have a weight/,
    );
  });
});
