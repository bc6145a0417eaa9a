import { describe, expect, test } from "vitest";
import { halfExponentials, LOWEST } from "../../../../../../packages/core/src/kernels/simd/arithmetic/exponential.ts";
import { logarithm } from "../../../../../../packages/core/src/kernels/simd/arithmetic/logarithm.ts";
import { randomStream } from "../../../../../../packages/core/src/random.ts";
import { ELEMENTARY, worstOf } from "../../../../../support/elementary.ts";
import { preciseExponential, preciseLogarithm, ulpsOff } from "../../../../../support/precise.ts";
import { vectorFunction } from "../../../../../support/vector-function.ts";

describe.each([true, false])("relaxed: %s", (relaxed) => {
  const halfExponential = vectorFunction((lanes, pool, x) => {
    halfExponentials(lanes, pool, [x]);
    return x;
  }, relaxed);
  const naturalLogarithm = vectorFunction((lanes, pool, x) => logarithm(lanes, pool, x), relaxed);

  const how = relaxed ? ", fused" : ", not fused";
  test.each(ELEMENTARY.filter(({ name }) => name.startsWith("SIMD") && name.endsWith(how)))(
    "is within 1.1 ulp: $name",
    (one) => {
      const { ulps, at } = worstOf(one, 3000, randomStream(6, one.name));
      expect(ulps, `${at}`).toBeLessThan(1.1);
    },
  );

  test("e^(x/2) is within 1.1 ulp where the scale changes", () => {
    const edges = Array.from({ length: 2000 }, (_, i) => (i - 1000) * Math.LN2);
    const values = edges.filter((x) => x >= LOWEST && x <= 1400);
    halfExponential(values).forEach((result, i) => {
      expect(ulpsOff(result, preciseExponential(values[i] / 2)), `${values[i]}`).toBeLessThan(1.1);
    });
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
    expect(ulpsOff(lowest, preciseExponential(LOWEST / 2))).toBeLessThan(1);
  });

  test("log is within 1 ulp at the ends of the normal numbers", () => {
    const values = [Number.MAX_VALUE, 2 ** -1022];
    naturalLogarithm(values).forEach((result, i) => {
      expect(ulpsOff(result, preciseLogarithm(values[i])), `${values[i]}`).toBeLessThan(1);
    });
  });

  test("log 1 is 0", () => {
    expect(naturalLogarithm([1])[0]).toBe(0);
  });
});
