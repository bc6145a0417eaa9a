import { resolveFitOptions } from "@emix/core";
import { expect, test } from "vitest";
import { CancelFlag } from "../../../../../packages/workers/src/cancel.ts";
import { remoteBackend } from "../../../../../packages/workers/src/engine/thread/remote-backend.ts";
import { loadPoints } from "../../../../../packages/workers/src/loaded-points.ts";
import { threadModule } from "../../../../../packages/workers/src/thread-modules.ts";
import { clusters } from "../../../../support/points.ts";

const points = clusters(60_000, 6, 8, "engine");
const long = { components: 8, tolerance: 0, maxIterations: 100_000, seed: 1 };

test("an engine whose thread dies answers every call, under way or later", async () => {
  const engineUrl = new URL("../../../../support/mortal-engine.ts", import.meta.url).href;
  const workerUrl = threadModule("workerUrl");
  const setting = { threads: 1, kernel: "reference", strict: false, workerUrl, stepTimeout: 60_000 } as const;
  const backend = remoteBackend(setting, engineUrl);
  const { tiles } = await loadPoints(points, { allocate: (bytes) => new SharedArrayBuffer(bytes) });
  const job = { kind: "fit", options: resolveFitOptions(long) } as const;
  const request = { job, tiles, pointsId: 0, cancel: new CancelFlag().cell, place: { priority: 0, expected: 1 } };
  const lost = { ok: false, error: { code: "ENGINE_LOST", details: { reason: "exit code 7" } } };
  expect(await backend.perform(request, () => {})).toMatchObject(lost);
  expect(await backend.perform(request, () => {})).toMatchObject(lost);
  expect(backend.usable).toBe(false);
  await backend.close();
});
