import { describe, expect, test } from "vitest";
import { logarithm } from "../../../../packages/core/src/elementary/logarithm.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { ELEMENTARY, worstOf } from "../../../support/elementary.ts";
import { preciseLogarithm, ulpsOff } from "../../../support/precise.ts";

describe("the logarithm", () => {
  test.each(ELEMENTARY.filter(({ name }) => /^log [^Γ]/.test(name)))("is within 1 ulp: $name", (one) => {
    const { ulps, at } = worstOf(one, 2000, randomStream(2, one.name));
    expect(ulps, `${at}`).toBeLessThan(0.85);
  });

  test.each([
    [1, 0],
    [0, Number.NEGATIVE_INFINITY],
    [-0, Number.NEGATIVE_INFINITY],
    [-1, Number.NaN],
    [Number.NEGATIVE_INFINITY, Number.NaN],
    [Number.NaN, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [2, Math.LN2],
    [0.5, -Math.LN2],
    [10, Math.LN10],
    [Number.MIN_VALUE, -744.4400719213812],
    [Number.MAX_VALUE, 709.782712893384],
  ])("of %d is %d", (x, expected) => {
    expect(logarithm(x)).toBe(expected);
  });

  test("is within 1 ulp where the scale changes", () => {
    const around = [1 - 2 ** -53, 1, 1 + 2 ** -52, Math.SQRT1_2, Math.SQRT2, 0.7072, 1.4143, 0.75];
    for (let n = -1073; n <= 1022; n += 3) {
      for (const m of around) {
        const x = m * 2 ** n;
        if (x === 1) continue;
        expect(ulpsOff(logarithm(x), preciseLogarithm(x)), `${x}`).toBeLessThan(0.85);
      }
    }
  });
});
