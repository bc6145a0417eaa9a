import { describe, expect, test } from "vitest";
import { cosineOfTurns } from "../../../../packages/core/src/elementary/cosine.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { ELEMENTARY, worstOf } from "../../../support/elementary.ts";

describe("the cosine of turns", () => {
  test.each(ELEMENTARY.filter(({ name }) => name.startsWith("cos")))("is within 1 ulp: $name", (one) => {
    const { ulps, at } = worstOf(one, 2000, randomStream(3, one.name));
    expect(ulps, `${at}`).toBeLessThan(0.8);
  });

  test.each([
    [0, 1],
    [1 / 8, Math.SQRT1_2],
    [1 / 6, 0.5],
    [0.25, 0],
    [3 / 8, -Math.SQRT1_2],
    [0.5, -1],
    [0.75, 0],
    [1, 1],
    [-0.25, 0],
    [-0.5, -1],
    [2 ** 40 + 0.5, -1],
  ])("of %d is %d", (turns, expected) => {
    expect(cosineOfTurns(turns)).toBeCloseTo(expected, 15);
  });

  test("is even, and the same after a whole turn", () => {
    for (let i = 0; i <= 64; i++) {
      expect(cosineOfTurns(-i / 64)).toBe(cosineOfTurns(i / 64));
      expect(cosineOfTurns(5 + i / 64)).toBe(cosineOfTurns(i / 64));
    }
  });
});
