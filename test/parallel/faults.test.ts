import { execFileSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { clusters } from "../support/points.ts";

const points = clusters(40_000, 6, 6, "faults");
const options = { components: 6, maxIterations: 6, tolerance: 0, seed: 3 };
const workerUrl = new URL("../support/faulty-worker.ts", import.meta.url);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emix-"));
});
afterEach(() => {
  delete process.env.EMIX_FAULT;
  rmSync(folder, { recursive: true });
});

async function undisturbed(): Promise<string> {
  await using engine = await createEngine({ threads: 2, offThread: false });
  return JSON.stringify((await engine.fit(points, options)).mixture);
}

describe("a worker that dies in mid-step", () => {
  test.each([
    ["exit", 1],
    ["exit", 4],
    ["exit", 9],
    ["throw", 5],
    ["uncaught", 6],
  ])("by %s at its task %i leaves the result bit-equal", async (way, at) => {
    process.env.EMIX_FAULT = `${way}:${at}:${join(folder, "died")}`;
    await using engine = await createEngine({ threads: 2, offThread: false, workerUrl });
    const { mixture } = await engine.fit(points, options);
    expect(JSON.stringify(mixture)).toBe(await undisturbed());
  });
});

describe("a worker that hangs in mid-step", () => {
  const stepTimeout = 1500;

  test.each(["wait", "spin", "promise", "microtasks", "compile", "allocate", "wasm", "system"])(
    "by %s is replaced, and the result is bit-equal",
    async (how) => {
      const pipe = join(folder, "hung.pipe");
      if (how === "system") execFileSync("mkfifo", [pipe]);
      process.env.EMIX_FAULT = `hang-${how}:3:${join(folder, "hung")}`;
      await using engine = await createEngine({ threads: 2, offThread: false, workerUrl, stepTimeout });
      const { mixture } = await engine.fit(points, options);
      expect(existsSync(join(folder, "hung"))).toBe(true);
      expect(JSON.stringify(mixture)).toBe(await undisturbed());
      // A thread in a call of the system ends no sooner than the call.
      if (how === "system") closeSync(openSync(pipe, "r+"));
    },
  );

  test("in a start is replaced", async () => {
    process.env.EMIX_FAULT = `hang-start:1:${join(folder, "hung")}`;
    await using engine = await createEngine({ threads: 2, offThread: false, workerUrl, stepTimeout });
    const { mixture } = await engine.fit(points, options);
    expect(JSON.stringify(mixture)).toBe(await undisturbed());
  });

  test.each([true, false])("for good ends the work, not the engine, offThread: %s", async (offThread) => {
    process.env.EMIX_FAULT = "hang-wait:1:";
    await using engine = await createEngine({ threads: 2, offThread, workerUrl, stepTimeout: 100 });
    const details = { attempts: 3, milliseconds: 100 };
    await expect(engine.fit(points, options)).rejects.toMatchObject({ code: "STEP_TIMEOUT", details });
    expect((await engine.fit([[1], [2], [4]], { components: 1 })).iterations).toBeGreaterThan(0);
  });
});

describe("a start on one worker", () => {
  const started = { components: 6, maxIterations: 2, tolerance: 0, seed: 3, restarts: 3 };

  test.each([1, 2])("of a worker that dies in its start %i is made again, with the same bits", async (at) => {
    process.env.EMIX_FAULT = `start:${at}:${join(folder, "died")}`;
    await using engine = await createEngine({ threads: 2, offThread: false, workerUrl });
    const { mixture } = await engine.fit(points, started);
    expect(existsSync(join(folder, "died"))).toBe(true);
    await using sound = await createEngine({ threads: 3 });
    expect(JSON.stringify(mixture)).toBe(JSON.stringify((await sound.fit(points, started)).mixture));
  });

  test("ends when its signal fires, and the workers are free for others", async () => {
    await using engine = await createEngine({ threads: 2, offThread: false });
    await engine.fit(points, options);
    const late = AbortSignal.timeout(30);
    await expect(engine.fit(points, { ...started, restarts: 40, signal: late })).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect(JSON.stringify((await engine.fit(points, options)).mixture)).toBe(await undisturbed());
  });
});

test.each([true, false])("workers that cannot start give a typed error, offThread: %s", async (offThread) => {
  const workerUrl = "data:text/javascript,throw new Error()";
  await expect(createEngine({ threads: 2, offThread, workerUrl })).rejects.toMatchObject({ code: "WORKER_LOST" });
});
