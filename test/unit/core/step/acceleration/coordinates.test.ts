import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { matrixOf } from "../../../../../packages/core/src/covariance/covariances.ts";
import { matrixForm } from "../../../../../packages/core/src/covariance/forms.ts";
import { inStoredUnits } from "../../../../../packages/core/src/mixture/units.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import {
  coordinatesOf,
  longest,
  mixtureAt,
  origin,
  partsOf,
} from "../../../../../packages/core/src/step/acceleration/coordinates.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../../support/scenes.ts";

const named = (seed: string, type: (typeof COVARIANCE_TYPES)[number], features = 3) =>
  mixtureOf(type, 4, features, randomStream(1, seed)).parameters;

const largest = (a: Float64Array, b: Float64Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe.each(COVARIANCE_TYPES)("coordinates about a mixture, %s", (type) => {
  const [at, to] = [named("at", type), named("to", type)];

  test("are 0 at the mixture, and give back every other one", () => {
    expect(largest(coordinatesOf(at, at), origin(at))).toBeLessThan(1e-15);
    const back = mixtureAt(coordinatesOf(to, at), at);
    expect(largest(back.weights, to.weights)).toBeLessThan(1e-14);
    expect(largest(back.means, to.means)).toBeLessThan(1e-13);
    expect(largest(back.packedCovariances, to.packedCovariances)).toBeLessThan(1e-13);
    expect(largest(back.factors, to.factors)).toBeLessThan(1e-13);
  });

  test("are valid, whatever they are", () => {
    const random = randomStream(2, type);
    const any = mixtureAt(
      origin(at).map(() => random.normal()),
      at,
    );
    expect(any.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14);
    const form = matrixForm(type);
    for (let c = 0; c < 4; c++) expect(form.agrees(matrixOf(any, any, c), 3, 1e-10)).toBe(true);
  });

  test("do not depend on the units of features: powers of two change no bit", () => {
    const exponents = matrixForm(type).featuresPerVariance(3) > 1 ? [7, 7, 7] : [7, -3, 20];
    const [atUnits, toUnits] = [at, to].map((mixture) => inStoredUnits(mixture, exponents));
    expect(coordinatesOf(toUnits, atUnits)).toEqual(coordinatesOf(to, at));
  });
});

test("a mean that moves keeps more digits than one double has", () => {
  const at = GaussianMixture.fromParameters({ weights: [1], means: [[1e16]], covariances: [1] }).parameters;
  const step = origin(at);
  partsOf(step, at).means[0] = 1 / 3;
  const { means, meansResidual } = mixtureAt(step, at);
  expect([means[0], meansResidual[0]]).toEqual([1e16, 1 / 3]);
});

test("a step is as long as in the component that it moves most", () => {
  const parameters = { weights: [0.25, 0.75], means: [[0], [1]], covariances: [4, 1] };
  const at = GaussianMixture.fromParameters({ ...parameters, covarianceType: "diag" }).parameters;
  // weights, means, variances: √0.25 · (3, 0, 4) for the first component
  expect(longest(Float64Array.of(1.5, 0.1, 0, 0.1, 2, 0.1), at)).toBeCloseTo(5, 14);
  const shared = { ...parameters, covariances: [4], covarianceType: "tied-diag" } as const;
  expect(longest(Float64Array.of(1.5, 0, 0, 0, 6), GaussianMixture.fromParameters(shared).parameters)).toBe(6);
});
