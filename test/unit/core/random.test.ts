import { describe, expect, test } from "vitest";
import { randomStream } from "../../../packages/core/src/random.ts";

describe("random streams", () => {
  test("the same (seed, purpose, index) is the same stream", () => {
    const draws = (...key: Parameters<typeof randomStream>) => {
      const random = randomStream(...key);
      return Array.from({ length: 5 }, () => random.uniform());
    };
    expect(draws(1, "a", 2)).toEqual(draws(1, "a", 2));
    const others = [draws(2, "a", 2), draws(1, "b", 2), draws(1, "a", 3), draws("1", "a", 2)];
    for (const other of others) expect(other).not.toEqual(draws(1, "a", 2));
  });

  test("uniform draws: in [0, 1), moments of the uniform distribution, 53 bits", () => {
    const random = randomStream(7, "uniform");
    const draws = Array.from({ length: 50_000 }, () => random.uniform());
    expect(draws.every((u) => u >= 0 && u < 1)).toBe(true);
    expect(draws.reduce((a, b) => a + b) / draws.length).toBeCloseTo(0.5, 2);
    expect(draws.some((u) => (u * 2 ** 32) % 1 !== 0)).toBe(true);
  });

  test("normal draws: mean 0, variance 1, fourth moment 3", () => {
    const random = randomStream(7, "normal");
    const draws = Array.from({ length: 100_000 }, () => random.normal());
    const moment = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / draws.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.01);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
    expect(draws.every(Number.isFinite)).toBe(true);
  });

  test("normal draws are Box and Muller's of the uniform ones", () => {
    const [random, twin] = [randomStream("a seed", "normal"), randomStream("a seed", "normal", 0)];
    for (let i = 0; i < 20; i++) {
      const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - twin.uniform())), 2 * Math.PI * twin.uniform()];
      expect(Math.abs(random.normal() - radius * Math.cos(angle))).toBeLessThan(4e-15);
    }
  });
});
