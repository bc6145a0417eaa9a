import { describe, expect, test } from "vitest";
import { DirectionFinder } from "../../../../../packages/core/src/points/order/direction.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";

function normalPoints(deviations: readonly number[], count: number): Float64Array {
  const random = randomStream(1, "direction");
  return Float64Array.from({ length: count * deviations.length }, (_, i) => {
    return 5 + deviations[i % deviations.length] * random.normal();
  });
}

const everyPoint = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);

describe("the direction in which points spread most", () => {
  test("leans to the widest features, four at most, and has length 1", () => {
    const deviations = [1, 2, 1, 9, 1, 4, 1, 3];
    const direction = new DirectionFinder(normalPoints(deviations, 200), 8).find(everyPoint(200), 0, 200);
    expect([...(direction?.features ?? [])]).toEqual([...(direction?.features ?? [])].sort());
    expect([...(direction?.features ?? [])]).toContain(3);
    const coefficients = [...(direction?.coefficients ?? [])];
    expect(Math.abs(coefficients[direction?.features.indexOf(3) ?? 0])).toBeGreaterThan(0.9);
    expect(Math.hypot(...coefficients)).toBeCloseTo(1, 12);
  });

  test("unused features have the coefficient 0", () => {
    const direction = new DirectionFinder(Float64Array.of(0, 0, 3, 4, 6, 8), 2).find(everyPoint(3), 0, 3);
    expect([...(direction?.features ?? [])]).toEqual([0, 1, 0, 0]);
    const [a, b, ...rest] = direction?.coefficients ?? [];
    expect([Math.abs(a), Math.abs(b)].map((value) => Number(value.toFixed(12)))).toEqual([0.6, 0.8]);
    expect(rest).toEqual([0, 0]);
  });

  test("is none of points that are all the same, and sees only those asked for", () => {
    const finder = new DirectionFinder(Float64Array.of(1, 2, 1, 2, 9, 2), 2);
    expect(finder.find(everyPoint(3), 0, 2)).toBe(null);
    const direction = finder.find(everyPoint(3), 1, 3);
    expect(Math.abs(direction?.coefficients[0] ?? 0)).toBe(1);
  });
});
