import { setTimeout as sleep } from "node:timers/promises";
import { EmixError, GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { firstDifference } from "../support/compare.ts";
import { clusters } from "../support/points.ts";

const points = clusters(60_000, 6, 8, "engine");
const long = { components: 8, tolerance: 0, maxIterations: 100_000, seed: 1 };

function controllerOf() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe.each([true, false])("an engine with offThread: %s", (offThread) => {
  test("rejects an aborted fit and goes on", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const loaded = await engine.load(points);
    for (const after of [0, 1, 30, 200]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error("enough")), after);
      const fit = engine.fit(loaded, { ...long, signal: controller.signal });
      await expect(fit).rejects.toMatchObject({ code: "ABORTED" });
    }
    const { mixture } = await engine.fit(loaded, { components: 3, maxIterations: 2 });
    expect(mixture.components).toBe(3);
  });

  test("rejects loading that is aborted, of points and of weights", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const loaded = await engine.load(points);
    const pointWeights = new Float64Array(loaded.count).fill(2);
    for (const [given, options] of [
      [points, {}],
      [loaded, { pointWeights }],
    ] as const) {
      const controller = new AbortController();
      const loading = engine.load(given, { ...options, signal: controller.signal });
      controller.abort();
      await expect(loading).rejects.toMatchObject({ code: "ABORTED" });
    }
    await expect(engine.load(points, { signal: "now" as never })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("tells every step once and in order, then the result", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const run = engine.fit(points, { ...long, maxIterations: 7 });
    const iterations: number[] = [];
    const ofParts: number[] = [];
    for await (const { iteration, part } of run) (part === undefined ? iterations : ofParts).push(iteration);
    expect(iterations).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(ofParts[0]).toBe(1);
    expect((await run).history).toHaveLength(7);
  });

  test("rejects work under way and later work once it is closed", async () => {
    const engine = await createEngine({ threads: 2, offThread });
    const rejection = expect(engine.fit(points, long)).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
    await sleep(50);
    await engine.close();
    await rejection;
    await expect(engine.fit(points, long)).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
    await engine.close();
  });

  test("stops a fit whose steps are left", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const run = engine.fit(points, long);
    for await (const { iteration } of run) if (iteration === 2) break;
    await expect(run).rejects.toMatchObject({ code: "ABORTED" });
  });

  test("rejects with what onStep throws or rejects with", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const refusal = new Error("enough");
    const thrown = () => {
      throw refusal;
    };
    const rejected = () => sleep(1).then(thrown);
    for (const onStep of [thrown, rejected])
      await expect(engine.fit(points, { ...long, onStep })).rejects.toBe(refusal);
  });

  test("ends a fit that waits for a promise of onStep when it is closed", async () => {
    const engine = await createEngine({ threads: 2, offThread });
    const { promise: heard, resolve } = Promise.withResolvers<void>();
    const onStep = () => {
      resolve();
      return new Promise(() => {});
    };
    const rejection = expect(engine.fit(points, { ...long, maxIterations: 2, onStep })).rejects.toMatchObject({
      code: "ENGINE_CLOSED",
    });
    await heard;
    await sleep(100); // the fit itself is done by then
    await engine.close();
    await rejection;
  });

  test("pauses a fit, and the bits stay the same", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const loaded = await engine.load(points);
    const options = { ...long, maxIterations: 12 };
    const run = engine.fit(loaded, options);
    run.pause();
    let done = false;
    run.then(() => {
      done = true;
    });
    const { mixture } = await engine.fit(loaded, options);
    expect(done).toBe(false);
    run.resume();
    expect(JSON.stringify((await run).mixture)).toBe(JSON.stringify(mixture));
  });

  test("ends a fit whose listener answers stop, with the mixture it has", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    for (const later of [false, true]) {
      let heard = 0;
      const onStep = () => {
        heard++;
        if (heard < 3) return undefined;
        return later ? Promise.resolve("stop") : "stop";
      };
      const { converged, warnings, mixture, iterations } = await engine.fit(points, {
        ...long,
        onStep,
      });
      expect(converged).toBe(false);
      expect(warnings.map(({ code }) => code)).not.toContain("TIME_BUDGET");
      expect(iterations).toBeLessThan(long.maxIterations);
      expect(mixture.score(points)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
    }
  });

  test("ends a fit when its time is over", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const { converged, warnings, mixture } = await engine.fit(points, { ...long, timeBudget: 200 });
    expect(converged).toBe(false);
    expect(warnings.map(({ code }) => code)).toContain("TIME_BUDGET");
    expect(mixture.components).toBe(8);
    await expect(engine.fit(points, { ...long, timeBudget: 0 })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("drains: what is there is done, what comes is refused", async () => {
    const engine = await createEngine({ threads: 2, offThread, maxConcurrent: 1 });
    const options = { components: 3, maxIterations: 3 };
    const fits = [1, 2, 3].map((seed) => engine.fit(points, { ...options, seed }));
    const closing = engine.close({ drain: true });
    await expect(engine.fit(points, options)).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
    expect((await Promise.all(fits)).map(({ iterations }) => iterations)).toEqual([3, 3, 3]);
    await closing;
    expect(engine.usable).toBe(false);
  });

  test("drains no longer than it may", async () => {
    const engine = await createEngine({ threads: 2, offThread });
    const rejection = expect(engine.fit(points, long)).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
    await engine.close({ drain: true, timeout: 50 });
    await rejection;
    await expect(engine.close({ timeout: -1 })).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(engine.close({ wait: true } as never)).rejects.toMatchObject({ code: "UNKNOWN_OPTION" });
  });

  test("refuses a fit where too many wait, and lets small work through", async () => {
    await using engine = await createEngine({ threads: 2, offThread, maxConcurrent: 1, maxQueue: 1 });
    const loaded = await engine.load(points);
    const { mixture } = await engine.fit([[1], [2], [4], [8]], { components: 1 });
    const { signal, abort } = controllerOf();
    const codeOf = (error: unknown) => (error as EmixError).code;
    const fits = [1, 2].map((seed) => engine.fit(loaded, { ...long, seed, signal }).catch(codeOf));
    const details = { maxQueue: 1, retryAfter: expect.any(Number) as number };
    await expect(engine.fit(loaded, long)).rejects.toMatchObject({ code: "QUEUE_FULL", details });
    expect(await engine.predict([[1]], { mixture })).toHaveLength(1);
    abort();
    expect(await Promise.all(fits)).toEqual(["ABORTED", "ABORTED"]);
  });

  test("lets work of greater priority pass", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const loaded = await engine.load(points);
    const ended: number[] = [];
    const fitOf = async (priority: number) => {
      await engine.fit(loaded, { components: 4, maxIterations: 6, tolerance: 0, priority });
      ended.push(priority);
    };
    await Promise.all([0, 1, 2].map(fitOf));
    expect(ended).toEqual([2, 1, 0]);
  });

  test("runs several fits at once, each as if it were alone", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const loaded = await engine.load(points);
    const fitOf = (seed: number) => engine.fit(loaded, { components: 4, maxIterations: 5, seed });
    const together = await Promise.all([1, 2, 3, 1].map(fitOf));
    const alone = await fitOf(1);
    expect(JSON.stringify(together[0].mixture)).toBe(JSON.stringify(alone.mixture));
    expect(JSON.stringify(together[3].mixture)).toBe(JSON.stringify(alone.mixture));
  });

  test("hands failures over with code and details", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const failure = await engine.fit([[1], [2]], { components: 3 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EmixError);
    expect(failure).toMatchObject({ code: "TOO_MANY_COMPONENTS", details: { components: 3, count: 2 } });
  });

  test("evaluates as the mixture itself does", async () => {
    await using engine = await createEngine({ threads: 2, offThread });
    const { mixture } = await engine.fit(points, { components: 4, maxIterations: 3 });
    expect(firstDifference(await engine.predict(points, { mixture }), mixture.predict(points))).toBe(-1);
    expect(firstDifference(await engine.predictProba(points, { mixture }), mixture.predictProba(points))).toBe(-1);
    expect(firstDifference(await engine.logProb(points, { mixture }), mixture.logProb(points))).toBe(-1);
    expect(await engine.score(points, { mixture })).toBe(mixture.score(points));
  });
});

describe("memory of points", () => {
  const data = new Float64Array(2 ** 20);

  test("counts for all of an engine's points together", async () => {
    await using engine = await createEngine({ threads: 1, offThread: false, memoryLimit: 20 * 2 ** 20 });
    const kept = await engine.load({ data, features: 8 });
    const more = await engine.load({ data, features: 8 });
    const third = engine.load({ data, features: 8 });
    await expect(third).rejects.toMatchObject({ code: "ALLOCATION_FAILED" });
    expect([kept.count, more.count]).toEqual([2 ** 17, 2 ** 17]);
  });

  test("of points that were dropped is given back", async () => {
    await using engine = await createEngine({ threads: 1, memoryLimit: 40 * 2 ** 20 });
    for (let i = 0; i < 20; i++) expect((await engine.load({ data, features: 8 })).count).toBe(2 ** 17);
    for (let i = 0; i < 10; i++) {
      using points = await engine.load({ data, features: 8 });
      expect(points.bytes).toBeGreaterThan(2 ** 23);
    }
  });

  test("is let go of by dispose; what comes later is refused", async () => {
    await using engine = await createEngine({ threads: 1 });
    const points = await engine.load([[1], [2], [3], [9]]);
    points.dispose();
    points.dispose();
    await expect(engine.fit(points, { components: 1 })).rejects.toMatchObject({ code: "POINTS_DISPOSED" });
    expect(() => points.count).toThrow("These points were disposed of; load them again.");
  });
});

test("memoryLimit is kept before anything is allocated", async () => {
  await using engine = await createEngine({ threads: 1, memoryLimit: 1000 });
  await expect(engine.load(points)).rejects.toMatchObject({ code: "ALLOCATION_FAILED" });
});

test("points of another number of features are refused", async () => {
  await using engine = await createEngine({ threads: 1 });
  const mixture = GaussianMixture.fromParameters({
    weights: [1],
    means: [[0, 0]],
    covariances: [
      [
        [1, 0],
        [0, 1],
      ],
    ],
  });
  await expect(engine.predict(points, { mixture })).rejects.toMatchObject({
    code: "FEATURES_MISMATCH",
    details: { expected: 2, got: 6 },
  });
});
