import { readFileSync } from "node:fs";
import { GaussianMixture } from "emix";
import { describe, expect, test } from "vitest";

interface Case {
  readonly name: string;
  readonly a: Parameters;
  readonly b: Parameters;
  readonly w2SquaredTruth: number[][];
  readonly mixtureOtExact: number;
  readonly klAToB: number[][];
}

interface Parameters {
  readonly means: number[][];
  readonly covariances: number[][][];
  readonly weights: number[];
}

const { cases } = JSON.parse(readFileSync(new URL("./transport.json", import.meta.url), "utf8")) as { cases: Case[] };

describe.each(cases)("$name", ({ a, b, w2SquaredTruth, mixtureOtExact, klAToB }) => {
  const one = GaussianMixture.fromParameters(a);
  const other = GaussianMixture.fromParameters(b);
  const closeTo = (values: Float64Array, right: number[][], digits: number) => {
    right.flat().forEach((value, i) => void expect(Math.abs(values[i] / value - 1)).toBeLessThan(digits));
  };

  test("distances and divergences of components", () => {
    closeTo(one.componentDistances(other), w2SquaredTruth, 1e-12);
    closeTo(one.componentDivergences(other), klAToB, 1e-12);
  });

  test("the cheapest coupling", () => {
    const { plan, cost } = one.coupling(other);
    expect(Math.abs(cost / mixtureOtExact - 1)).toBeLessThan(1e-10);
    const columns = b.weights.length;
    const rowSum = (c: number) => plan.subarray(c * columns, (c + 1) * columns).reduce((sum, value) => sum + value, 0);
    a.weights.forEach((weight, c) => void expect(rowSum(c)).toBeCloseTo(weight, 14));
    b.weights.forEach((weight, c) => {
      expect(plan.filter((_, i) => i % columns === c).reduce((sum, value) => sum + value, 0)).toBeCloseTo(weight, 14);
    });
  });
});
