import { describe, expect, test } from "vitest";
import {
  greatestRow,
  inflationOf,
  LEAST_VARIANCE,
  rankOf,
  shrinkageOf,
  spreadOf,
} from "../../../../packages/core/src/covariance/conditioning.ts";

const of = (...values: number[]) => Float64Array.from(values);
const one = { covariance: of(1, -2, 4.25), factor: of(1, 4, 2) };

describe("how far a triangle is from singular", () => {
  test("variance inflation", () => {
    expect(inflationOf(one, 2)).toBe(17);
    expect(inflationOf({ covariance: of(1, 0, 100), factor: of(3, 0, 0.5) }, 2)).toBe(25);
    expect(inflationOf({ covariance: of(100, 0, 1), factor: of(0.5, 0, 3) }, 2)).toBe(25);
  });

  test("the greatest row, whichever it is", () => {
    expect(greatestRow(of(1, 4, 2), of(2, 3))).toBe(100);
    expect(greatestRow(of(10, 4, 2), of(2, 3))).toBe(400);
  });

  test("a spread below the least variance is none", () => {
    const [thin, thinnest] = [4 * LEAST_VARIANCE, LEAST_VARIANCE];
    const wide = (variance: number) =>
      rankOf({ covariance: of(variance), factor: of(variance ** -0.5) }, of(2 ** -501));
    expect(wide(thin)).toBe(1);
    expect(wide(thinnest)).toBe(0);
  });

  test("widths that no double holds are no directions", () => {
    const huge = { covariance: of(1e300, 0, 1), factor: of(1e-150, 0, 1) };
    expect(rankOf(huge, of(1e-200, 1))).toBe(0);
  });
});

describe("how far one triangle is from another", () => {
  test("how far it shrank: the bound of sums while below 64, else ‖W_after L_before‖²/d", () => {
    const after = (by: number) => ({ ...one, factor: one.factor.map((value) => by * value) });
    expect(shrinkageOf(one, after(1), 2)).toBe(34);
    expect(shrinkageOf(one, after(1.25), 2)).toBe(34 * 1.5625);
    // 34 · 2² is beyond 64, and ‖2I‖²/2 is 4
    expect(shrinkageOf(one, after(2), 2)).toBe(4);
    expect(shrinkageOf(one, after(2), 2, { enough: 137 })).toBe(136);
    const round = { covariance: of(32, 0, 32), factor: of(32 ** -0.5, 0, 32 ** -0.5) };
    // a bound of exactly 64 is not enough: 64/2
    expect(shrinkageOf(round, { ...round, factor: of(1, 0, 1) }, 2)).toBeCloseTo(32, 12);
  });

  test("tr(W Σ Wᵀ): d of its own, by hand of another", () => {
    expect(spreadOf(one, 2)(one.factor)).toBe(2);
    // W = [1 0; 4 2], L = [2 0; 1 4]: W L = [2 0; 10 8]
    expect(spreadOf({ covariance: of(4, 2, 17), factor: of(0.5, -0.125, 0.25) }, 2)(one.factor)).toBe(4 + 100 + 64);
  });
});
