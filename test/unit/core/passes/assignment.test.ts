import { openPass, type Pass, slotLength } from "@emix/core";
import { describe, expect, test } from "vitest";
import { KernelCache } from "../../../../packages/core/src/kernels/kernel-cache.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
import { measureLayout, withMeasure } from "../../../../packages/core/src/statistics/frames.ts";

const assignment = { kind: "assignment", components: 2, covarianceType: "full" } as const;

describe("hard assignment", () => {
  const points = tilePoints([[0], [1], [4], [9], [2.5]], [1, 2, 1, 0, 3]);
  const centres = Float64Array.of(1, 4);
  const layout = measureLayout(2, { components: 2, features: 1, covarianceType: "full" });
  const slotOf = (framed: number[], pivots: number[], factors: number[]) => {
    const measure = {
      pivots: Float64Array.from(pivots),
      frames: { framed: Int8Array.from(framed), factors: Float64Array.from(factors) },
    };
    const pass = { ...assignment, parameters: withMeasure(centres, layout, measure) } as Pass;
    const slot = new Float64Array(slotLength(pass, 1)).fill(7);
    openPass(pass, points, new KernelCache())(0, 1, slot);
    return [...slot];
  };

  test("each point to its nearest centre, the first of a tie; about the pivots", () => {
    // N = 1 + 2 + 3 (2.5 lies in the middle) and 1, about 1 and 4
    expect(slotOf([0, 0], [1, 4], [1, 1])).toEqual([0, 7, 6, 1, -1 + 4.5, 0, 1 + 6.75, 0]);
    expect(slotOf([0, 0], [0, 2], [1, 1])).toEqual([0, 7, 6, 1, 2 + 7.5, 2, 2 + 18.75, 4]);
  });

  test("in frames, or left out, as the measure says", () => {
    expect(slotOf([1, 0], [1, 4], [2, 9])).toEqual([0, 7, 6, 1, 3.5, 0, 4 * 7.75, 0]);
    expect(slotOf([-1, 1], [0, 2], [9, 3])).toEqual([0, 7, 0, 1, 0, 2, 0, 36]);
  });
});

describe("hard assignment of a block", () => {
  test("takes the points of its tiles alone, of two features, none of weight 0", () => {
    const rows = Array.from({ length: 67 }, (_, i) =>
      i < 64
        ? [9, 9]
        : [
            [0, 1],
            [5, 5],
            [1, 0],
          ][i - 64],
    );
    const points = tilePoints(rows, [...new Array(64).fill(1), 1, 0, 2]);
    const layout = measureLayout(4, { components: 2, features: 2, covarianceType: "diag" });
    const measure = {
      pivots: Float64Array.of(0, 0, 4, 4),
      frames: { framed: Int8Array.of(0, 0), factors: new Float64Array(4) },
    };
    const parameters = withMeasure(Float64Array.of(0, 0, 4, 4), layout, measure);
    const slot = new Float64Array(12).fill(7);
    openPass({ ...assignment, covarianceType: "diag", parameters } as Pass, points, new KernelCache())(1, 2, slot);
    expect([...slot]).toEqual([0, 3, 3, 0, 2, 1, 0, 0, 2, 1, 0, 0]);
  });

  test("nothing but the last coordinate may tell centres apart", () => {
    const points = tilePoints([
      [1, 0],
      [1, 3],
    ]);
    const layout = measureLayout(4, { components: 2, features: 2, covarianceType: "spherical" });
    const measure = {
      pivots: new Float64Array(4),
      frames: { framed: Int8Array.of(0, 0), factors: new Float64Array(2) },
    };
    const parameters = withMeasure(Float64Array.of(1, 4, 1, 1), layout, measure);
    const slot = new Float64Array(10);
    openPass({ ...assignment, covarianceType: "spherical", parameters } as Pass, points, new KernelCache())(0, 1, slot);
    expect([...slot.subarray(0, 4)]).toEqual([0, 2, 1, 1]);
  });
});
