import { describe, expect, test } from "vitest";
import { power } from "../../../../packages/core/src/elementary/power.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { ELEMENTARY, worstOf } from "../../../support/elementary.ts";
import { precisePower, ulpsOff } from "../../../support/precise.ts";

describe("a power", () => {
  test.each(ELEMENTARY.filter(({ name }) => name.startsWith("power")))("is within 1 ulp: $name", (one) => {
    const { ulps, at } = worstOf(one, 2000, randomStream(4, one.name));
    expect(ulps, `${at}`).toBeLessThan(0.65);
  });

  test.each([
    [2, -3, 0.125],
    [2, 1023, 2 ** 1023],
    [2, -1074, Number.MIN_VALUE],
    [2, -1076, 0],
    [2, 1024, Number.POSITIVE_INFINITY],
    [4, 512, Number.POSITIVE_INFINITY],
    [7, 0, 1],
    [1, 1e300, 1],
    [10, 22, 1e22],
    [Number.MAX_VALUE, 1, Number.MAX_VALUE],
    [Number.MAX_VALUE, 1e300, Number.POSITIVE_INFINITY],
    [Number.MAX_VALUE, -1e300, 0],
    [Number.MIN_VALUE, 1, Number.MIN_VALUE],
    [Number.MIN_VALUE, -1e300, Number.POSITIVE_INFINITY],
  ])("%d ** %d is %d", (base, exponent, expected) => {
    expect(power(base, exponent)).toBe(expected);
  });

  test("is within 1 ulp where it leaves the normal numbers", () => {
    for (let i = 0; i < 200; i++) {
      const exponent = -644 - i / 200;
      expect(ulpsOff(power(3, exponent), precisePower(3, exponent)), `${exponent}`).toBeLessThan(0.85);
    }
  });
});
