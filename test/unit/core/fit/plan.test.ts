import { resolveFitOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import { planFit } from "../../../../packages/core/src/fit/plan.ts";

describe("the plan of a fit", () => {
  const startsOf = (points: number, options: object = {}) =>
    planFit({ points, features: 20 }, resolveFitOptions({ components: 4, ...options }), 2).bytes.starts;

  test("has room for the largest part of the points: a quarter of them, in doubles, with weights", () => {
    expect(startsOf(2 ** 22)).toBe(2 ** 20 * (20 + 1) * 8);
  });

  test("has none where all points are seen from the beginning, or they are few", () => {
    expect(startsOf(2 ** 22, { schedule: "full" })).toBe(2 ** 22 * (14 + 20));
    expect(startsOf(1000)).toBe(16 * 2 ** 20);
  });
});
