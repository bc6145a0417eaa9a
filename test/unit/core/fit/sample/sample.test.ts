import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawSample } from "../../../../../packages/core/src/fit/sample/sample.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { law } from "../../../../support/laws.ts";

const line = (count: number, weights?: number[]) =>
  tilePoints({ data: Float64Array.from({ length: count }, (_, i) => i), features: 1 }, weights);

describe("a sample", () => {
  law(
    "has one point of each of its equal parts",
    fc.record({ count: fc.integer({ min: 2, max: 500 }), size: fc.integer({ min: 1, max: 400 }), seed: fc.nat() }),
    60,
    ({ count, size, seed }) => {
      const { points, weights } = drawSample(line(count), size, randomStream(seed, "sample"));
      expect(weights).toBeNull();
      expect(points.length).toBe(Math.min(count, size));
      for (let part = 0; part < points.length && count > size; part++) {
        expect(points[part]).toBeGreaterThanOrEqual(Math.floor((part * count) / size));
        expect(points[part]).toBeLessThan(((part + 1) * count) / size);
      }
    },
  );

  test("of no more points than asked for has them all", () => {
    expect([...Array.from(drawSample(line(5), 5, randomStream(1, "sample")).points)]).toEqual([0, 1, 2, 3, 4]);
  });

  law(
    "of weighted points keeps the total weight and leaves out points without any",
    fc.record({
      weights: fc.array(fc.constantFrom(0, 0.25, 1, 8, 500), { minLength: 3, maxLength: 300 }),
      size: fc.integer({ min: 1, max: 100 }),
      seed: fc.nat(),
    }),
    60,
    ({ weights, size, seed }) => {
      const given = [1, ...weights];
      const { points, weights: masses } = drawSample(line(given.length, given), size, randomStream(seed, "sample"));
      const total = given.reduce((sum, weight) => sum + weight, 0);
      const sampled = (masses as Float64Array).reduce((sum, mass) => sum + mass, 0);
      expect(sampled).toBeCloseTo(total, 8);
      expect(Array.from(points).every((point) => given[point] > 0)).toBe(true);
      expect(new Set(Array.from(points)).size).toBe(points.length);
      expect(points.length).toBeLessThanOrEqual(Math.max(size, given.filter((w) => w > 0).length));
    },
  );

  test("draws a heavy point as often as its weight says", () => {
    const weights = new Array(1000).fill(1);
    weights[400] = 1000;
    const { points, weights: masses } = drawSample(line(1000, weights), 100, randomStream(3, "sample"));
    const at = Array.from(points).indexOf(400);
    expect((masses as Float64Array)[at]).toBeCloseTo(1000, -1.7);
  });

  test("does not change with the unit of the weights", () => {
    const weights = Array.from({ length: 300 }, (_, i) => 1 + (i % 7));
    const one = drawSample(line(300, weights), 50, randomStream(3, "sample"));
    const other = drawSample(
      line(
        300,
        weights.map((w) => w * 2 ** -40),
      ),
      50,
      randomStream(3, "sample"),
    );
    expect(other.points).toEqual(one.points);
    expect((other.weights as Float64Array).map((w) => w * 2 ** 40)).toEqual(one.weights);
  });
});
