import type { FitStep } from "@emix/core";
import { describe, expect, test } from "vitest";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { expectRejection } from "../support/failures.ts";
import { clusters } from "../support/points.ts";

const points = clusters(20_011, 3, 3, "bootstrap");
const fitting = { components: 3, seed: 7 };

describe("a bootstrap on threads", () => {
  test("has the same bits on 1, 2 and 3 threads, and a step for each resample", async () => {
    const results: string[] = [];
    for (const threads of [1, 2, 3]) {
      await using engine = await createEngine({ threads, offThread: threads % 2 === 0 });
      const loaded = await engine.load(points);
      const { mixture } = await engine.fit(loaded, fitting);
      const run = engine.bootstrap(loaded, { mixture, resamples: 8, seed: 3 });
      const steps: FitStep[] = [];
      for await (const step of run) steps.push(step);
      expect(steps.map(({ restart }) => restart).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      results.push(JSON.stringify(await run));
    }
    for (const result of results) expect(result).toBe(results[0]);
  });

  test("ends when its signal fires, and the engine goes on", async () => {
    await using engine = await createEngine({ threads: 2 });
    const loaded = await engine.load(points);
    const { mixture } = await engine.fit(loaded, fitting);
    const control = new AbortController();
    const run = engine.bootstrap(loaded, {
      mixture,
      resamples: 100_000,
      signal: control.signal,
      onStep: () => control.abort(),
    });
    await expectRejection(run, "ABORTED");
    expect((await engine.predict(loaded, { mixture })).length).toBe(20_011);
  });

  test("refuses a mixture of other features", async () => {
    await using engine = await createEngine({ threads: 1 });
    const { mixture } = await engine.fit(points, fitting);
    await expectRejection(engine.bootstrap([[1], [2]], { mixture }), "FEATURES_MISMATCH");
  });
});
