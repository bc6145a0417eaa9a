import { describe, expect, test } from "vitest";
import { exponential } from "../../../../packages/core/src/elementary/exponential.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { ELEMENTARY, worstOf } from "../../../support/elementary.ts";
import { preciseExponential, ulpsOff } from "../../../support/precise.ts";

const TINY = Number.MIN_VALUE;

describe("the exponential", () => {
  test.each(ELEMENTARY.filter(({ name }) => name.startsWith("exp")))("is within 1 ulp: $name", (one) => {
    const { ulps, at } = worstOf(one, 2000, randomStream(1, one.name));
    expect(ulps, `${at}`).toBeLessThan(0.8);
  });

  test.each([
    [0, 1],
    [-0, 1],
    [1, Math.E],
    [TINY, 1],
    [-TINY, 1],
    [2 ** -54, 1],
    [2 ** -52, 1 + 2 ** -52],
    [-(2 ** -54), 1],
    [709.782712893384, 1.7976931348622732e308],
    [709.7827128933841, Number.POSITIVE_INFINITY],
    [1e300, Number.POSITIVE_INFINITY],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [-745.1332191019411, TINY],
    [-745.1332191019412, 0],
    [-1e300, 0],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.NaN, Number.NaN],
  ])("of %d is %d", (x, expected) => {
    expect(exponential(x)).toBe(expected);
  });

  test("is within 1 ulp where the scale changes", () => {
    for (let n = -1075; n <= 1023; n++) {
      for (const x of [n * Math.LN2, (n + 0.5) * Math.LN2, (n + 0.4999) * Math.LN2]) {
        if (x < -745 || x > 709.78) continue;
        expect(ulpsOff(exponential(x), preciseExponential(x)), `${x}`).toBeLessThan(0.8);
      }
    }
  });
});
