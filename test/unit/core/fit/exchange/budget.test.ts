import { describe, expect, test } from "vitest";
import { exchangeFor, isThin, startFor, startSize } from "../../../../../packages/core/src/fit/exchange/budget.ts";
import type { KernelShape } from "../../../../../packages/core/src/kernels/kernel.ts";

const settings = {
  kinds: [
    { metric: "standardized", power: 2 },
    { metric: "standardized", power: 1 },
    { metric: "whitened", power: 2 },
  ],
  leastSample: 4000,
  exchange: { roundsOfComponents: 0.5, tries: 2, split: { points: 500, steps: 8 } },
  purpose: "test",
} as const;

const shape = (features: number, components: number): KernelShape => ({
  ...{ features, components, covarianceType: "full", dtype: "f64", tileSize: 64 },
});

describe("the size of a start", () => {
  test("of few points is all of them, with every kind", () => {
    const { sample, kinds, steps } = startSize(150, shape(4, 3), settings);
    expect([sample, kinds]).toEqual([150, 3]);
    expect(steps).toBeGreaterThan(100);
  });

  test("has eight points for each parameter", () => {
    expect(startSize(1_000_000, shape(8, 16), settings)).toMatchObject({ sample: 8 * 16 * 45, kinds: 3 });
    expect(startSize(1_000_000, shape(2, 3), settings).sample).toBe(4000);
  });

  test("does not grow with the points once the sample is full", () => {
    const [one, other] = [2e6, 2e9].map((count) => startSize(count, shape(4, 8), settings));
    expect([one.sample, one.kinds]).toEqual([other.sample, other.kinds]);
  });

  test("loses kinds, then points, then steps where a step is dear", () => {
    const { kinds, sample, steps } = startSize(20_000, shape(64, 16), settings);
    expect(kinds).toBe(1);
    expect(sample).toBeLessThan(20_000);
    expect(sample).toBeGreaterThanOrEqual(4000);
    expect(steps).toBeLessThan(100);
  });

  test("has twenty points for each feature of a component, and time to exchange components, where points are enough", () => {
    const { sample, kinds, steps } = startSize(10_000, shape(32, 10), settings);
    expect(kinds).toBe(1);
    expect(sample).toBeGreaterThanOrEqual(20 * 33 * 10);
    expect(steps).toBeGreaterThan(30);
    expect(isThin(sample, shape(32, 10))).toBe(false);
    expect(isThin(sample, shape(32, 30))).toBe(true);
    expect(isThin(10, { ...shape(32, 30), covarianceType: "tied" })).toBe(false);
  });

  test("too thin for full covariances goes through diagonal ones, unless something forbids it", () => {
    const thin = startFor(100_000, shape(128, 79), { ...settings, isFree: true });
    expect(thin.kinds.map(({ exchangedAs }) => exchangedAs)).toEqual(["diag", "diag"]);
    expect(thin.exchange.steps).toBeGreaterThan(20);
    for (const [count, features, isFree] of [
      [100_000, 128, false],
      [10_000, 8, true],
      [1000, 128, true],
    ] as const) {
      const { kinds } = startFor(count, shape(features, 10), { ...settings, isFree });
      expect(kinds.map(({ exchangedAs }) => exchangedAs)).not.toContain("diag");
    }
  });

  test("is thin if it is a part of the points that says too little about covariances", () => {
    const isThin = (count: number, features: number, isFree: boolean) =>
      startFor(count, shape(features, 10), { ...settings, isFree }).isThin;
    expect([isThin(100_000, 128, false), isThin(1000, 128, false), isThin(100_000, 8, false)]).toEqual([
      true,
      false,
      false,
    ]);
    // Diagonal ones need few points.
    expect(isThin(100_000, 128, true)).toBe(false);
  });

  test("splits have points for two covariances, if there are as many", () => {
    const pointsOf = (count: number, features: number) =>
      exchangeFor(settings.exchange, count, shape(features, 10)).split.points;
    expect([pointsOf(1e6, 4), pointsOf(1e6, 32), pointsOf(5000, 32)]).toEqual([500, 40 * 33, 1000]);
  });

  test("a variance for each feature is cheaper than a matrix", () => {
    const diag = { ...shape(64, 64), covarianceType: "diag" } as const;
    expect(startSize(200_000, diag, settings).kinds).toBeGreaterThan(1);
  });
});
