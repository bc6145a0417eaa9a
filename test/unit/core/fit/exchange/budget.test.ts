import { describe, expect, test } from "vitest";
import { startSize } from "../../../../../packages/core/src/fit/exchange/budget.ts";
import type { KernelShape } from "../../../../../packages/core/src/kernels/kernel.ts";

const settings = {
  kinds: [
    { metric: "standardized", power: 2 },
    { metric: "standardized", power: 1 },
    { metric: "whitened", power: 2 },
  ],
  leastSample: 4000,
  exchange: (components: number) => ({
    rounds: Math.max(5, components / 2),
    tries: 2,
    split: { points: 500, steps: 8 },
  }),
  purpose: "test",
} as const;

const shape = (features: number, components: number): KernelShape => ({
  ...{ features, components, covarianceType: "full", dtype: "f64", tileSize: 64 },
});

describe("the size of a start", () => {
  test("of few points is all of them, with every kind and round", () => {
    expect(startSize(150, shape(4, 3), settings)).toEqual({ sample: 150, kinds: 3, rounds: 5 });
  });

  test("has eight points for each parameter", () => {
    expect(startSize(1_000_000, shape(8, 16), settings)).toEqual({ sample: 8 * 16 * 45, kinds: 3, rounds: 8 });
    expect(startSize(1_000_000, shape(2, 3), settings).sample).toBe(4000);
  });

  test("does not grow with the points once the sample is full", () => {
    expect(startSize(2e6, shape(4, 8), settings)).toEqual(startSize(2e9, shape(4, 8), settings));
  });

  test("loses kinds, then points, then rounds where a step is dear", () => {
    const { kinds, sample, rounds } = startSize(200_000, shape(64, 16), settings);
    expect(kinds).toBe(1);
    expect(sample).toBeLessThan(40_000);
    expect(sample).toBeGreaterThanOrEqual(4000);
    expect(rounds).toBeLessThanOrEqual(8);
    expect(startSize(5000, shape(200, 40), settings)).toEqual({ sample: 4000, kinds: 1, rounds: 2 });
  });

  test("a variance for each feature is cheaper than a matrix", () => {
    const diag = { ...shape(64, 16), covarianceType: "diag" } as const;
    expect(startSize(200_000, diag, settings).kinds).toBeGreaterThan(startSize(200_000, shape(64, 16), settings).kinds);
  });
});
