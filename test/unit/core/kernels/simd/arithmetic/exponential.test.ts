import { describe, expect, test } from "vitest";
import { halfExponentials, LOWEST } from "../../../../../../packages/core/src/kernels/simd/arithmetic/exponential.ts";
import { logarithm } from "../../../../../../packages/core/src/kernels/simd/arithmetic/logarithm.ts";
import { randomStream } from "../../../../../../packages/core/src/random.ts";
import { ulps, vectorFunction } from "../../../../../support/vector-function.ts";

const random = randomStream(7, "vector functions");
const uniform = (least: number, most: number, count: number) =>
  Array.from({ length: count }, () => least + (most - least) * random.uniform());

describe.each([true, false])("relaxed: %s", (relaxed) => {
  const halfExponential = vectorFunction((lanes, pool, x) => {
    halfExponentials(lanes, pool, [x]);
    return x;
  }, relaxed);
  const naturalLogarithm = vectorFunction((lanes, pool, x) => logarithm(lanes, pool, x), relaxed);

  // Math.exp and Math.log are within 1 ulp themselves.
  test("e^(x/2) is within 1 ulp", () => {
    const edges = Array.from({ length: 2000 }, (_, i) => (i - 1000) * Math.LN2);
    const values = [
      ...uniform(-1, 0, 20000),
      ...uniform(LOWEST, 0, 20000),
      ...edges.filter((x) => x >= LOWEST && x <= 1400),
    ];
    const results = halfExponential(values);
    const worst = values.reduce((most, x, i) => Math.max(most, ulps(results[i], Math.exp(x / 2))), 0);
    expect(worst).toBeLessThanOrEqual(2);
  });

  test("e^0 is 1, and below LOWEST all is exactly 0", () => {
    const [one, minusOne, lowest, below, far, farthest] = halfExponential([
      0,
      -0,
      LOWEST,
      LOWEST - 1e-9,
      -1e10,
      -2.5e300,
    ]);
    expect([one, minusOne, below, far, farthest]).toEqual([1, 1, 0, 0, 0]);
    expect(ulps(lowest, Math.exp(LOWEST / 2))).toBeLessThanOrEqual(2);
  });

  test("log is within 1 ulp over all normal numbers", () => {
    const powers = uniform(-1022, 1023, 20000).map((power) => 2 ** power);
    const values = [...powers, ...uniform(1, 4096, 20000), ...uniform(0.5, 2, 20000), Number.MAX_VALUE, 2 ** -1022];
    const results = naturalLogarithm(values);
    const worst = values.reduce((most, x, i) => Math.max(most, ulps(results[i], Math.log(x))), 0);
    expect(worst).toBeLessThanOrEqual(2);
  });

  test("log 1 is 0", () => {
    expect(naturalLogarithm([1])[0]).toBe(0);
  });
});
