import {
  EmixError,
  type FitOptions,
  type FlatPoints,
  fit,
  GaussianMixture,
  type PlainFitResult,
  resolveFitOptions,
} from "@emix/core";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { law } from "../support/laws.ts";
import { COVARIANCE_TYPES } from "../support/scenes.ts";
import { executorOf } from "../support/steps.ts";

const SCALES = [1, 1, 1, 1e-8, 1e8, 1e-30, 1e30, 1e-150, 1e150, 1e-200, 1e200, 1e300, 1e-310, 1e308];
const OFFSETS = [0, 0, 1, 1e8, 1e300, -1e-300];

/** Few points, many of them equal, constants, integers, scales that leave the doubles, f32 and f64. */
function hostilePoints(random: Random): FlatPoints {
  const pick = <T>(values: readonly T[]) => values[Math.floor(random.uniform() * values.length)];
  const features = pick([1, 1, 2, 3, 5]);
  const count = pick([1, 2, 3, 4, 5, 8, 12, 40, 70]);
  const [scale, offset, repeats] = [pick(SCALES), pick(OFFSETS), pick([0, 0, 0.5, 1])];
  const [constant, integers, single] = [pick([-1, -1, 0]), pick([false, true]), random.uniform() < 0.15];
  const limit = single ? 3e38 : Number.MAX_VALUE;
  const rows: number[][] = [];
  for (let i = 0; i < count; i++) {
    const row = Array.from({ length: features }, (_, j) => {
      const drawn = j === constant ? 3 : random.normal() * (random.uniform() < 0.02 ? 1e6 : 1);
      const value = (integers ? Math.round(drawn) : drawn) * scale + offset;
      return Math.max(-limit, Math.min(limit, value));
    });
    rows.push(i > 0 && random.uniform() < repeats ? pick(rows) : row);
  }
  return { data: single ? Float32Array.from(rows.flat()) : Float64Array.from(rows.flat()), features };
}

function hostileWeights(random: Random, count: number): number[] | undefined {
  const draw = [
    () => (random.uniform() < 0.5 ? 0 : 1),
    () => 10 ** (60 * random.normal()),
    () => 10 ** (3 * random.normal()),
    () => 1e308 * random.uniform(),
    () => 5e-324,
  ][Math.floor(10 * random.uniform())];
  return draw && Array.from({ length: count }, draw);
}

const options = (features: number) =>
  fc.record({
    components: fc.constantFrom(1, 1, 2, 2, 3, 8),
    covarianceType: fc.constantFrom(...COVARIANCE_TYPES),
    regularization: fc.constantFrom(0, 1e-12, 1e-12, 1e-3, { absolute: 1e-6 }),
    granularity: fc.oneof(
      fc.constant(0),
      fc.array(fc.constantFrom(0, 1), { minLength: features, maxLength: features }),
    ),
    initialization: fc.constantFrom("k-means++" as const, "random" as const),
    restarts: fc.constantFrom(1, 1, 3),
    maxIterations: fc.constantFrom(1, 5, 30),
    tolerance: fc.constantFrom(0, 1e-6),
  });

const cases = fc.nat().chain((seed) => {
  const random = randomStream(seed, "hostile");
  const points = hostilePoints(random);
  const weights = hostileWeights(random, points.data.length / points.features);
  return options(points.features).map((given) => ({ points, weights, options: given }));
});

async function fitted(points: FlatPoints, weights: number[] | undefined, given: FitOptions): Promise<PlainFitResult> {
  const fitting = fit(executorOf(points, weights), resolveFitOptions(given));
  for (;;) {
    const step = await fitting.next();
    if (step.done) return step.value;
  }
}

describe("hostile fits", () => {
  law(
    "end in a finite model or a typed error of one line",
    cases,
    1500,
    async ({ points, weights, options: given }) => {
      try {
        const result = await fitted(points, weights, given);
        const { mixture } = result;
        const sum = mixture.weights.reduce((total, weight) => total + weight, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
        for (const values of [mixture.means, mixture.meansResidual, mixture.packedCovariances, mixture.factors]) {
          expect(values.every(Number.isFinite)).toBe(true);
        }
        expect([result.lowerBound, ...result.history].every(Number.isFinite)).toBe(true);
        const model = new GaussianMixture(mixture);
        expect(model.logProb(points).every(Number.isFinite)).toBe(true);
        expect(model.predictProba(points).every((value) => value >= 0 && value <= 1)).toBe(true);
      } catch (error) {
        if (!(error instanceof EmixError)) throw error;
        expect(error.code).not.toBe("INTERNAL");
        expect(error.message).not.toMatch(/\n|NaN/);
      }
    },
  );
});
