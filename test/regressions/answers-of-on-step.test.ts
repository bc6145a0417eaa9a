import { createEngine } from "emix";
import { describe, expect, test } from "vitest";

// A fit waited for a promise of `onStep` though its signal had fired, and took promises of other libraries for answers.

const points = Array.from({ length: 300 }, (_, i) => [i % 17, i % 23]);
const options = { components: 3, tolerance: 0, maxIterations: 40 };

describe.each([true, false])("off the calling thread: %s", (offThread) => {
  test("an abort ends a fit whose listener never answers", async () => {
    await using engine = await createEngine({ threads: 1, offThread });
    const controller = new AbortController();
    const onStep = () => {
      setTimeout(() => controller.abort(), 50);
      return new Promise(() => {});
    };
    const fit = engine.fit(points, { ...options, maxIterations: 2, onStep, signal: controller.signal });
    await expect(fit).rejects.toMatchObject({ code: "ABORTED" });
    await engine.fit(points, options);
  });

  test("what only resembles a promise is one: it stops a fit, or fails it", async () => {
    await using engine = await createEngine({ threads: 1, offThread });
    const then = (resolve: (answer: string) => void) => resolve("stop");
    const stopped = await engine.fit(points, { ...options, maxIterations: 100_000, onStep: () => ({ then }) });
    expect(stopped.iterations).toBeLessThan(100_000);
    const refusal = new Error("mine");
    const failing = (_: unknown, reject: (error: Error) => void) => reject(refusal);
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library
    const failed = engine.fit(points, { ...options, onStep: () => ({ then: failing }) });
    await expect(failed).rejects.toBe(refusal);
  });
});
