import type { GaussianMixture } from "@emix/core";
import { createEngine, maximize, mergeStatistics } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { scaledError } from "../support/compare.ts";
import { expectRejection } from "../support/failures.ts";
import { clusters } from "../support/points.ts";

const engine = await createEngine({ threads: 2 });
afterAll(() => engine.close());

const features = 4;
const points = clusters(60_000, features, 3, "online");
const part = (first: number, end: number) => ({
  data: points.data.subarray(first * features, end * features),
  features,
});
const { mixture: start } = await engine.fit(part(0, 300), { components: 3, maxIterations: 3, tolerance: 0, seed: 1 });

/** Batches of points that lie in no order. */
const batches = Array.from({ length: 30 }, (_, t) => part(2000 * t, 2000 * (t + 1)));

describe("statistics of an engine", () => {
  test("maximized, are a step of EM; of shards, the step on all points", async () => {
    const step = await engine.fitModelEm(points, { mixture: start, steps: 1 });
    const whole = maximize(await engine.statistics(points, { mixture: start }));
    const shards = [part(0, 7), part(7, 30_001), part(30_001, 60_000)];
    const taken = await Promise.all(shards.map((shard) => engine.statistics(shard, { mixture: start })));
    const merged = maximize(mergeStatistics(taken));
    for (const found of [whole, merged]) {
      expect(scaledError(found.weights, step.weights)).toBeLessThan(1e-13);
      expect(scaledError(found.means, step.means)).toBeLessThan(1e-13);
      expect(scaledError(found.covariances, step.covariances)).toBeLessThan(1e-12);
    }
  });

  test("of points of weight 2 are those of the points twice", async () => {
    const pointWeights = new Float64Array(2000).fill(2);
    const heavy = await engine.statistics(batches[0], { mixture: start, pointWeights });
    const one = await engine.statistics(batches[0], { mixture: start });
    const twice = mergeStatistics([one, one]);
    expect(scaledError(maximize(heavy).covariances, maximize(twice).covariances)).toBeLessThan(1e-14);
    expect(heavy.weightTotal).toBe(twice.weightTotal);
  });

  test("updates with a rate that falls come to the likeliest mixture of all points", async () => {
    const { mixture: best } = await engine.fit(points, { components: 3, initialization: start, tolerance: 1e-10 });
    let statistics = await engine.statistics(batches[0], { mixture: start });
    for (let t = 1; t < 90; t++) {
      statistics = await engine.update(batches[t % 30], { statistics, rate: (t + 1) ** -0.7 });
    }
    const found = maximize(statistics);
    expect(statistics.weightTotal).toBeCloseTo(2000, 6);
    const [top, reached] = [
      await engine.score(points, { mixture: best }),
      await engine.score(points, { mixture: found }),
    ];
    expect(top - reached).toBeLessThan(1e-3);
    expect(top - reached).toBeGreaterThan(-1e-9);
  });

  test("updates at rate 1 are steps of EM on the new points alone", async () => {
    const known = await engine.statistics(batches[0], { mixture: start });
    const renewed = await engine.update(batches[1], { statistics: known, rate: 1 });
    const expected = await engine.fitModelEm(batches[1], { mixture: maximize(known), steps: 1 });
    expect(scaledError(maximize(renewed).means, expected.means)).toBeLessThan(1e-13);
    expect(scaledError(maximize(renewed).covariances, expected.covariances)).toBeLessThan(1e-12);
  });

  test("updates follow points that move, with a fixed rate", async () => {
    let statistics = await engine.statistics(batches[0], { mixture: start });
    const moved = { ...batches[1], data: batches[1].data.map((value) => value + 0.5) };
    for (let t = 0; t < 40; t++) statistics = await engine.update(moved, { statistics, rate: 0.3 });
    const { mixture } = await engine.fit(moved, {
      components: 3,
      initialization: maximize(statistics),
      tolerance: 1e-10,
    });
    expect(scaledError(maximize(statistics).means, mixture.means)).toBeLessThan(1e-4);
  });

  test("what is none is refused", async () => {
    const statistics = await engine.statistics(batches[0], { mixture: start });
    for (const rate of [0, -1, 1.5, Number.NaN, "0.5", undefined]) {
      await expectRejection(engine.update(batches[1], { statistics, rate: rate as number }), "INVALID_OPTION");
    }
    await expectRejection(engine.update(batches[1], { statistics: {} as never, rate: 0.5 }), "INVALID_OPTION");
    await expectRejection(engine.update([[1]], { statistics, rate: 0.5 }), "FEATURES_MISMATCH");
    await expectRejection(engine.statistics(batches[0], { mixture: {} as GaussianMixture }), "INVALID_OPTION");
    const scaled = { data: new Float64Array(8).fill(2 ** 450), features };
    await expectRejection(engine.statistics(scaled, { mixture: start }), "OVERFLOW");
  });
});
