import { describe, expect, test } from "vitest";
import { stagesOf } from "../../../../../packages/core/src/fit/progressive/stages.ts";

const shape = { components: 4, features: 3, covarianceType: "full" } as const;
/** 3 weights, 4 means of 3, 4 triangles of 6 */
const parameters = 3 + 4 * (3 + 6);

describe("parts of the points", () => {
  test("are quarters of quarters, the smallest first, each with a fifth of its optimism left to gain", () => {
    const sizes = [2 ** 16, 2 ** 18, 2 ** 20];
    const stages = sizes.map((points) => ({ points, tolerance: parameters / (10 * points) }));
    expect(stagesOf(2 ** 22, shape)).toEqual([{ points: 2 ** 14, tolerance: parameters / (10 * 2 ** 14) }, ...stages]);
    expect(stagesOf(2 ** 24, shape).map(({ points }) => points)).toEqual([...sizes, 2 ** 22]);
  });

  test("have 8,192 points and 20 for each parameter, at least", () => {
    expect(stagesOf(2 ** 15 - 1, shape)).toEqual([]);
    expect(stagesOf(2 ** 15, shape).map(({ points }) => points)).toEqual([2 ** 13]);
    const large = { components: 20, features: 16, covarianceType: "full" } as const;
    const least = 20 * (19 + 20 * (16 + 136));
    expect(stagesOf(4 * least - 1, large)).toEqual([]);
    expect(stagesOf(4 * least, large).map(({ points }) => points)).toEqual([least]);
    expect(stagesOf(8 * least, { ...large, covarianceType: "tied" }).length).toBeGreaterThan(1);
  });
});
