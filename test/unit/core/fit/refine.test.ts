import { type FitOptions, fit, resolveFitOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { executorsBy } from "../../../support/steps.ts";

const executorOf = executorsBy("simd");

/** Two large groups, and one of 30 points in 12,000. */
function withRareGroup(): number[][] {
  const random = randomStream(3, "rare");
  return Array.from({ length: 12_000 }, (_, i) => {
    const at = i % 400 === 7 ? [4, 9] : [8 * (i % 2), 0];
    return [at[0] + random.normal() * (i % 400 === 7 ? 0.3 : 1), at[1] + random.normal() * (i % 400 === 7 ? 0.3 : 1)];
  });
}

async function fitted(points: number[][], options: FitOptions) {
  const steps = fit(executorOf(points), resolveFitOptions(options));
  const seen = [];
  let next = await steps.next();
  for (; !next.done; next = await steps.next()) seen.push(next.value);
  return { ...next.value, seen };
}

describe("refinement", () => {
  // A start from k-means++ on all points finds only what is large.
  const options = { components: 3, initialization: "random", seed: 8 } as const;

  test("finds a group that the fit has missed, and is told of step by step", async () => {
    const points = withRareGroup();
    const plain = await fitted(points, options);
    const refined = await fitted(points, { ...options, refine: true });
    const weights = [...refined.mixture.weights].sort((a, b) => a - b);
    expect(weights[0]).toBeCloseTo(30 / 12_000, 4);
    expect(Math.min(...plain.mixture.weights)).toBeGreaterThan(0.05);
    expect(refined.lowerBound).toBeGreaterThan(plain.lowerBound + 1e-3);
    expect(refined.converged).toBe(true);
    expect(refined.history.slice(0, plain.history.length)).toEqual(plain.history);
    expect(refined.seen.map(({ lowerBound }) => lowerBound)).toEqual(refined.history);
    expect(refined.iterations).toBe(refined.history.length);
  });

  test("changes nothing where nothing is to be gained", async () => {
    const points = withRareGroup().filter((_, i) => i % 400 !== 7);
    const two = { ...options, components: 2 };
    const { seen: _, ...plain } = await fitted(points, two);
    expect(await fitted(points, { ...two, refine: true })).toMatchObject(plain);
  });
});
