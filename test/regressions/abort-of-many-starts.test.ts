import { createEngine } from "emix";
import { expect, test } from "vitest";
import { atMost } from "../../packages/core/src/passes/components/at-most.ts";
import { expectRejection } from "../support/failures.ts";
import { clusters } from "../support/points.ts";

// A fit of 10,000 starts that was aborted drew a sample for every start that was left, each of which then saw the abort: the
// engine answered nothing for seconds.

test("once one of several things has failed, no other begins", async () => {
  const begun: number[] = [];
  const things = Array.from({ length: 100 }, (_, index) => async () => {
    begun.push(index);
    await undefined;
    if (index === 4 || index === 5) throw new Error(`thing ${index}`);
  });
  await expect(atMost(3, things)).rejects.toThrow("thing 4");
  expect(begun.length).toBeLessThan(10);
});

test.each([true, false])(
  "an engine is free again when a fit of many starts is aborted, off its thread: %s",
  async (offThread) => {
    await using engine = await createEngine({ threads: 2, offThread });
    const stop = new AbortController();
    const fit = engine.fit(clusters(20_000, 4, 8, "many starts"), {
      components: 8,
      restarts: 10_000,
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 500);
    await expectRejection(fit, "ABORTED", /stopped by its signal/);
    const { iterations } = await engine.fit([[1], [2], [4], [7]], { components: 1 });
    expect(iterations).toBeGreaterThan(0);
  },
  20_000,
);
