import { describe, expect, test } from "vitest";
import { drawByWeight, drawDistinct, pick } from "../../../../../packages/core/src/fit/initialization/draw.ts";
import { sum } from "../../../../../packages/core/src/linear-algebra/sum.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";

describe("picking an index by masses", () => {
  const masses = Float64Array.of(0, 2, 0, 3, 0);

  test.each([
    [0, 1],
    [1.99, 1],
    [2, 3],
    [4.99, 3],
  ])("at %d of 5 it is %d", (target, index) => {
    expect(pick(masses, target)).toBe(index);
  });

  test("where rounding left the target at the sum of all, the last that has a mass", () => {
    expect(pick(masses, 5)).toBe(3);
  });
});

describe("drawing points", () => {
  const points = tilePoints([[0], [1], [2], [3]]);
  const weighted = tilePoints([[0], [1], [2], [3]], [1, 0, 2, 1]);

  test("without weights all are as likely", () => {
    const random = randomStream(1, "draw");
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) counts[drawByWeight(points, random)] += 1;
    // 5 standard deviations of a binomial count
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(750));
  });

  test("with weights as likely as they weigh, and never one of weight 0", () => {
    const random = randomStream(1, "draw");
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) counts[drawByWeight(weighted, random)] += 1;
    expect(counts[1]).toBe(0);
    expect(Math.abs(counts[2] - 2000)).toBeLessThan(5 * Math.sqrt(1000));
    expect(Math.abs(counts[0] - 1000)).toBeLessThan(5 * Math.sqrt(750));
  });

  test.each([
    ["equal", points, [0, 1, 2, 3]],
    ["different", weighted, [0, 2, 3]],
  ] as const)("different points of %s weight: all there are", (_, tiles, all) => {
    for (let seed = 0; seed < 20; seed++) {
      const drawn = drawDistinct(tiles, all.length, randomStream(seed, "draw"));
      expect(drawn.toSorted()).toEqual(all);
    }
    expect([...(weighted.pointWeights as Float64Array).subarray(0, 4)]).toEqual([1, 0, 2, 1]);
  });

  test("a heavier point comes first more often", () => {
    let first = 0;
    for (let seed = 0; seed < 4000; seed++)
      first += Number(drawDistinct(weighted, 2, randomStream(seed, "draw"))[0] === 2);
    expect(Math.abs(first - 2000)).toBeLessThan(5 * Math.sqrt(1000));
  });

  test("the sum of none is 0", () => {
    expect(sum(new Float64Array(0))).toBe(0);
  });
});
