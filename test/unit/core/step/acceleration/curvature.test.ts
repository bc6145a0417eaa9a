import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { dot, type Pair, wayUp, withPair } from "../../../../../packages/core/src/step/acceleration/curvature.ts";

const random = randomStream(1, "curvature");
const vector = (length: number) => Float64Array.from({ length }, () => random.normal());
/** The gradient of −½ xᵀ A x changes by A s. */
const curvatures = Float64Array.of(1, 3, 0.2, 10, 0.5);
const bent = (step: Float64Array) => step.map((value, i) => value * curvatures[i]);
const after = (steps: readonly Float64Array[]) =>
  steps.reduce((pairs: readonly Pair[], step) => withPair(pairs, step, bent(step)), []);

describe("the way up", () => {
  test("is the gradient where no curvature is known", () => {
    expect(wayUp(Float64Array.of(1, -2), [])).toEqual(Float64Array.of(1, -2));
  });

  test("leads along the last step where the gradient is its change", () => {
    const steps = [vector(5), vector(5), vector(5)];
    const way = wayUp(bent(steps[2]), after(steps));
    way.forEach((value, i) => {
      expect(value).toBeCloseTo(steps[2][i], 12);
    });
  });

  test("is Newton's where steps went along all axes", () => {
    const axes = Array.from({ length: 5 }, (_, i) => new Float64Array(5).fill(i + 1, i, i + 1));
    const gradient = vector(5);
    wayUp(gradient, after(axes)).forEach((value, i) => {
      expect(value).toBeCloseTo(gradient[i] / curvatures[i], 12);
    });
  });

  test("goes up, whatever is known", () => {
    const gradient = vector(5);
    expect(dot(gradient, wayUp(gradient, after([vector(5), vector(5)])))).toBeGreaterThan(0);
  });
});

describe("pairs", () => {
  test("are the last ten, oldest first; fewer where they are long", () => {
    const steps = Array.from({ length: 12 }, () => vector(5));
    expect(after(steps).map(({ step }) => step)).toEqual(steps.slice(2));
    const long = (sign: number) => new Float64Array(2 ** 20).fill(sign);
    const some = [1, 2, 3, 4, 5].reduce((pairs: readonly Pair[], size) => withPair(pairs, long(size), long(size)), []);
    expect(some.map(({ step }) => step[0])).toEqual([2, 3, 4, 5]);
  });

  test("are not taken where the bound does not bend down along a step", () => {
    expect(withPair([], Float64Array.of(1, 0), Float64Array.of(-1, 0))).toEqual([]);
    expect(withPair([], Float64Array.of(1, 0), Float64Array.of(0, 1))).toEqual([]);
    expect(withPair([], Float64Array.of(0), Float64Array.of(0))).toEqual([]);
    const flat = withPair([], Float64Array.of(1, 0), Float64Array.of(1e-7, 1));
    expect(flat).toEqual([{ step: Float64Array.of(1, 0), change: Float64Array.of(1e-7, 1), product: 1e-7 }]);
  });
});
