import { expect, test } from "vitest";
import { principalAxes, radiusOf } from "../../../../packages/report/src/figures/ellipses.ts";

test("radii are roots of the quantiles of χ² with two degrees of freedom", () => {
  expect(radiusOf(0.5) ** 2).toBeCloseTo(1.386294361, 8);
  expect(radiusOf(0.95) ** 2).toBeCloseTo(5.991464547, 8);
});

test("principal axes make the covariance again", () => {
  for (const [xx, xy, yy] of [
    [4, 0, 1],
    [1, 0, 4],
    [2, 1.3, 1],
    [2, -1.3, 1],
    [1, 1, 1],
    [3, 0, 3],
  ]) {
    const { long, short, angle } = principalAxes(xx, xy, yy);
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    expect(long ** 2 * c * c + short ** 2 * s * s).toBeCloseTo(xx, 12);
    expect((long ** 2 - short ** 2) * c * s).toBeCloseTo(xy, 12);
    expect(long ** 2 * s * s + short ** 2 * c * c).toBeCloseTo(yy, 12);
  }
});
