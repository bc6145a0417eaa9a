import { describe, expect, test } from "vitest";
import { type Bisections, bisectionsOf } from "../../../../../packages/core/src/points/order/bisections.ts";
import type { Sample } from "../../../../../packages/core/src/points/order/sample.ts";
import { atOnce } from "../../../../../packages/core/src/points/stretches.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";

function sampleOf(points: Float64Array, features: number): Sample {
  const ones = new Float64Array(features).fill(1);
  return { points, size: points.length / features, means: new Float64Array(features), scales: ones };
}

/** The leaf of a point, and how far down it is. */
function leafOf(tree: Bisections, point: Float64Array): { leaf: number; depth: number } {
  let slot = 0;
  let depth = 0;
  for (; tree.children[slot] > 0; depth++) {
    let along = 0;
    for (let i = 4 * slot; i < 4 * slot + 4; i++) along += tree.coefficients[i] * point[tree.features[i]];
    slot = tree.children[slot] + Number(along >= tree.thresholds[slot]);
  }
  return { leaf: tree.leafNumbers[slot], depth };
}

const random = randomStream(7, "bisections");
const normal = Float64Array.from({ length: 3 * 1000 }, () => random.normal());

describe("bisections", () => {
  test("leave a few points of the sample in each leaf, and no path is long", () => {
    const tree = atOnce(bisectionsOf(sampleOf(normal, 3)));
    const found = Array.from({ length: 1000 }, (_, i) => leafOf(tree, normal.subarray(3 * i, 3 * i + 3)));
    const counts = new Array<number>(tree.leaves).fill(0);
    for (const { leaf } of found) counts[leaf]++;
    expect(Math.max(...counts)).toBeLessThanOrEqual(5);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Math.max(...found.map(({ depth }) => depth))).toBeLessThan(20);
    expect(tree.children.length).toBe(2 * tree.leaves - 1);
  });

  test("part groups before anything else, and number leaves by where they are", () => {
    const groups = Float64Array.from({ length: 400 }, (_, i) => (i % 4) * 100 + normal[i]);
    const tree = atOnce(bisectionsOf(sampleOf(groups, 1)));
    const numbers = Array.from({ length: 400 }, (_, i) => [i % 4, leafOf(tree, groups.subarray(i, i + 1)).leaf]);
    const range = (group: number) => {
      const own = numbers.filter(([one]) => one === group).map(([, leaf]) => leaf);
      return [Math.min(...own), Math.max(...own)];
    };
    const ranges = [0, 1, 2, 3].map(range).sort(([a], [b]) => a - b);
    for (let i = 1; i < 4; i++) expect(ranges[i][0]).toBeGreaterThan(ranges[i - 1][1]);
  });

  test("outliers and ties make neither long paths nor empty leaves", () => {
    const powers = Float64Array.from({ length: 500 }, (_, i) => 2 ** (i / 2));
    const steep = atOnce(bisectionsOf(sampleOf(powers, 1)));
    expect(Math.max(...powers.map((_, i) => leafOf(steep, powers.subarray(i, i + 1)).depth))).toBeLessThan(60);
    const few = Float64Array.from({ length: 500 }, (_, i) => (i < 495 ? 3 : i));
    const tied = atOnce(bisectionsOf(sampleOf(few, 1)));
    const leaves = new Set(few.map((_, i) => leafOf(tied, few.subarray(i, i + 1)).leaf));
    expect(leaves.size).toBe(tied.leaves);
    expect(tied.leaves).toBeGreaterThan(1);
    expect(atOnce(bisectionsOf(sampleOf(new Float64Array(500).fill(3), 1))).leaves).toBe(1);
  });
});
