import { describe, expect, test } from "vitest";
import { exponentsFor, logVolume } from "../../../../packages/core/src/points/exponents.ts";

const of = (...exponents: number[]) => exponentsFor(Float64Array.from(exponents, (exponent) => 1.5 * 2 ** exponent));

describe("the powers of two that features are stored in", () => {
  test("are none while sizes lie between 2^−300 and 2^441", () => {
    expect(of(0, -300, 440)).toBe(null);
    expect(of(-300)).toBe(null);
    expect(exponentsFor(Float64Array.of(0, 0))).toBe(null);
    expect(exponentsFor(Float64Array.of(0, 1))).toBe(null);
  });

  test.each([
    [
      [441, 0],
      [1, 1],
    ],
    [
      [-301, 0],
      [-1, -1],
    ],
    [
      [441, -299],
      [1, 1],
    ],
    [
      [-301, 439],
      [-1, -1],
    ],
    [
      [1000, 260],
      [560, 560],
    ],
    [
      [-1000, -260],
      [-700, -700],
    ],
  ])("are one for all where that will do: %j", (sizes, exponents) => {
    expect(of(...sizes)).toEqual(exponents);
  });

  test.each([
    [
      [441, -300],
      [1, 0],
    ],
    [
      [441, -301],
      [1, -1],
    ],
    [
      [441, 0, -500],
      [1, 0, -200],
    ],
  ])("else each has its own: %j", (sizes, exponents) => {
    expect(of(...sizes)).toEqual(exponents);
  });

  test("a feature that is 0 throughout goes with the others, or stays", () => {
    expect(exponentsFor(Float64Array.of(0, 2 ** 500))).toEqual([60, 60]);
    expect(exponentsFor(Float64Array.of(2 ** -1000, 0))).toEqual([-700, -700]);
    expect(exponentsFor(Float64Array.of(0, 2 ** 500, 2 ** -500))).toEqual([0, 60, -200]);
  });

  test("and take −ln 2 · Σ e from a log density", () => {
    expect(logVolume(null)).toBe(0);
    expect(logVolume([3, -1])).toBe(-2 * Math.LN2);
  });
});
