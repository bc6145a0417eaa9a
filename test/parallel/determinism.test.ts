import { type CovarianceType, fit as coreFit, GaussianMixture, resolveFitOptions } from "@emix/core";
import type { Engine } from "@emix/workers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "../../packages/core/src/random.ts";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { compilers } from "../../packages/workers/src/kernels/compile.ts";
import { firstDifference } from "../support/compare.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { orderedTiles } from "../support/ordered.ts";
import { clusters } from "../support/points.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../support/scenes.ts";

const packable = compilers().packed !== null;
const points = clusters(9_011, 5, 4, "determinism");
const options = { components: 4, restarts: 3, maxIterations: 20, seed: 7 };

async function fittedBy(engine: Engine, covarianceType: CovarianceType): Promise<string> {
  const { mixture, lowerBound, history } = await engine.fit(points, { ...options, covarianceType });
  return JSON.stringify({ mixture, lowerBound, history });
}

let engines: Engine[] = [];

beforeAll(async () => {
  for (const threads of [1, 2, 3, 4, 8]) {
    engines.push(await createEngine({ threads, offThread: threads % 2 === 0 }));
  }
}, 60_000);

afterAll(async () => {
  for (const engine of engines) await engine.close();
  engines = [];
});

describe.each(COVARIANCE_TYPES)("a %s fit", (covarianceType) => {
  test("has the same bits on 1, 2, 3, 4 and 8 threads, off and on the calling thread", async () => {
    const results: string[] = [];
    for (const engine of engines) results.push(await fittedBy(engine, covarianceType));
    for (const result of results) expect(result).toBe(results[0]);
  });

  test.each(["em", "variational"] as const)("with a prior has them too: %s", async (inference) => {
    const results: string[] = [];
    for (const engine of engines.filter(({ threads }) => [1, 2, 4].includes(threads))) {
      const { mixture, lowerBound, history } = await engine.fit(points, {
        ...options,
        covarianceType,
        inference,
        prior: { meanPrecision: 0.5 },
      });
      const probabilities = await engine.predictProba(points, { mixture });
      expect(firstDifference(probabilities, mixture.predictProba(points))).toBe(-1);
      results.push(JSON.stringify({ mixture, lowerBound, history }));
    }
    for (const result of results) expect(result).toBe(results[0]);
  });

  test("has the bits of the executor without threads", async () => {
    await using engine = await createEngine({ threads: 2, offThread: false, kernel: "reference" });
    const { mixture } = await engine.fit(points, { ...options, covarianceType });
    const steps = coreFit(
      inThreadExecutor(await orderedTiles(points)),
      resolveFitOptions({ ...options, covarianceType }),
    );
    for (;;) {
      const step = await steps.next();
      if (!step.done) continue;
      expect(firstDifference(step.value.mixture.packedCovariances, mixture.parameters.packedCovariances)).toBe(-1);
      expect(firstDifference(step.value.mixture.means, mixture.parameters.means)).toBe(-1);
      break;
    }
  });
});

test.each(["full", "diag"] as const)(
  "the kernel simd256 has the same bits on any number of threads: %s",
  async (type) => {
    const results: string[] = [];
    for (const threads of [1, 2, 3]) {
      await using engine = await createEngine({ threads, offThread: threads === 2, kernel: "simd256" });
      results.push(await fittedBy(engine, type));
      const { warnings } = await engine.fit(points, {
        ...options,
        covarianceType: type,
        maxIterations: 1,
        tolerance: 0,
      });
      expect(warnings.map(({ code }) => code)).toEqual(packable ? [] : ["KERNEL_FALLBACK"]);
    }
    for (const result of results) expect(result).toBe(results[0]);
  },
);

test("parts of the points and longer steps have the same bits on any number of threads", async () => {
  const { means, ...rest } = mixtureOf("full", 3, 2, randomStream(5, "overlapping")).parameters;
  const near = new GaussianMixture({ ...rest, means: means.map((mean) => mean / 2) });
  const many = { data: near.sample(40_000, { seed: 1 }).points, features: 2 };
  const results: string[] = [];
  for (const threads of [1, 2, 3]) {
    await using engine = await createEngine({ threads, offThread: threads === 2 });
    const { mixture, history, converged } = await engine.fit(many, { components: 3 });
    expect(converged).toBe(true);
    results.push(JSON.stringify({ mixture, history }));
    const plain = await engine.fit(many, { components: 3, acceleration: "none" });
    expect(plain.iterations).toBeGreaterThan(1.5 * history.length);
  }
  for (const result of results) expect(result).toBe(results[0]);
});

test("weighted points give the same bits on any number of threads", async () => {
  const pointWeights = Float64Array.from({ length: 9_011 }, (_, i) => (i % 7) / 3);
  const results: string[] = [];
  for (const threads of [1, 3]) {
    await using engine = await createEngine({ threads, offThread: false });
    const { mixture } = await engine.fit(points, { ...options, pointWeights });
    results.push(JSON.stringify(mixture));
  }
  expect(results[1]).toBe(results[0]);
});
