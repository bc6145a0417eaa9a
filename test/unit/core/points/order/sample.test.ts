import { describe, expect, test } from "vitest";
import { evenSample } from "../../../../../packages/core/src/points/order/sample.ts";
import { atOnce } from "../../../../../packages/core/src/points/stretches.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";

const numbers = (count: number) => Float64Array.from({ length: count }, (_, i) => i);

describe("a sample of points", () => {
  test("is spread evenly, and in standard deviations about its mean", () => {
    const { size, means, scales, points } = atOnce(evenSample(tilePoints({ data: numbers(100), features: 1 }), 4));
    expect(size).toBe(4);
    // 0, 25, 50, 75
    expect(means[0]).toBe(37.5);
    expect(scales[0]).toBe(1 / Math.sqrt((2 * 37.5 ** 2 + 2 * 12.5 ** 2) / 4));
    expect([...points]).toEqual([-37.5, -12.5, 12.5, 37.5].map((value) => value * scales[0]));
  });

  test("has no points of weight 0, and as many others as it can", () => {
    const weights = numbers(100).map((i) => (i % 10 === 3 ? 2 : 0));
    const tiles = tilePoints({ data: numbers(100), features: 1 }, weights);
    const of = (size: number) => {
      const { points, means, scales } = atOnce(evenSample(tiles, size));
      return [...points].map((value) => Math.round(value / scales[0] + means[0]));
    };
    expect(of(5)).toEqual([3, 23, 43, 63, 83]);
    expect(of(3)).toEqual([3, 33, 63]);
    expect(of(50)).toEqual([3, 13, 23, 33, 43, 53, 63, 73, 83, 93]);
  });

  test("a feature that does not vary has the scale 0; a power of two changes its own scale only", () => {
    const data = Float64Array.from({ length: 300 }, (_, i) => [Math.sin(i), 7, Math.cos(3 * i)][i % 3]);
    const scaled = data.map((value, i) => (i % 3 === 2 ? value * 2 ** 30 : value));
    const plain = atOnce(evenSample(tilePoints({ data, features: 3 }), 20));
    const other = atOnce(evenSample(tilePoints({ data: scaled, features: 3 }), 20));
    expect(plain.scales[1]).toBe(0);
    expect(other.points).toEqual(plain.points);
    expect([...other.scales]).toEqual([plain.scales[0], 0, plain.scales[2] * 2 ** -30]);
    expect([...other.means]).toEqual([plain.means[0], 7, plain.means[2] * 2 ** 30]);
  });
});
