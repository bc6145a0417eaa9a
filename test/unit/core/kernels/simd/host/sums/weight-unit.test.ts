import { describe, expect, test } from "vitest";
import { weightMultiplier } from "../../../../../../../packages/core/src/kernels/simd/host/sums/weight-unit.ts";
import { tilePoints } from "../../../../../../../packages/core/src/points/tiling.ts";

const of = (...weights: number[]) =>
  tilePoints(
    weights.map((_, i) => [i]),
    weights,
  );

describe("the unit of weights", () => {
  test("is 1 without weights", () => {
    expect(weightMultiplier({ tiles: tilePoints([[1], [2]]), first: 0, end: 1 })).toBe(1);
  });

  test.each([
    [1, 1],
    [1.9, 1],
    [2, 2],
    [3.9, 2],
    [4, 1],
    [0.5, 2],
    [0.25, 1],
    [2 ** -101, 2],
  ])("of a first weight of %d it makes an even exponent: times %d", (weight, multiplier) => {
    expect(weightMultiplier({ tiles: of(0, weight, 2, 4), first: 0, end: 1 })).toBe(multiplier);
    expect(Math.abs(Math.floor(Math.log2(weight * multiplier))) % 2).toBe(0);
  });

  test("looks at its own tiles only, which may weigh nothing", () => {
    const tiles = of(...new Float64Array(64).fill(0), ...new Float64Array(64).fill(2), ...new Float64Array(64).fill(4));
    expect([0, 1, 2].map((tile) => weightMultiplier({ tiles, first: tile, end: tile + 1 }))).toEqual([1, 2, 1]);
  });
});
