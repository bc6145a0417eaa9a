import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "emix";
import { expect, test } from "vitest";
import { clusters } from "../support/points.ts";

// A fit that was stopped may still write its checkpoint while another goes on from it. Both wrote to a file of the same name
// before it took its place, so that one of them found it gone: CHECKPOINT_FAILED.

test("a fit goes on from its checkpoint at the moment when it was stopped", async () => {
  const dir = mkdtempSync(join(tmpdir(), "emix-at-once-"));
  const path = join(dir, "checkpoint");
  await using engine = await createEngine({ threads: 1, offThread: false });
  const points = await engine.load(clusters(3000, 3, 4, "merging"));
  const options = { components: 3, maxIterations: 8, tolerance: 0, restarts: 2, initialization: "fast" } as const;
  const expected = JSON.stringify(await engine.fit(points, options));
  for (let moment = 2; moment <= 12; moment++) {
    const controller = new AbortController();
    let steps = 0;
    const stopped = engine.fit(points, {
      ...{ ...options, checkpoint: { path, every: 1 }, signal: controller.signal },
      onStep: () => {
        if (++steps === moment) controller.abort();
      },
    });
    const whole = await Promise.resolve(stopped).catch(() => null);
    if (whole === null && existsSync(path)) expect(JSON.stringify(await engine.resume(path, points))).toBe(expected);
  }
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});
