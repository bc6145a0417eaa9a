import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { createEngine, EmixError, type ReadStep } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { commandIn } from "../support/command.ts";
import { copyToParquet, failureOf, npyBytes } from "../support/io-files.ts";

const { folder, remove } = commandIn("watching");
const engine = await createEngine({ threads: 1, offThread: false });
afterAll(async () => {
  await engine.close();
  remove();
});

const ROWS = 60_000;
const numbers = Float64Array.from({ length: 2 * ROWS }, (_, i) => Math.sin(i));
const csv = `x,y\n${Array.from({ length: ROWS }, (_, i) => `${numbers[2 * i]},${numbers[2 * i + 1]}\n`).join("")}`;
const columns = { x: numbers.filter((_, i) => i % 2 === 0), y: numbers.filter((_, i) => i % 2 === 1) };
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const array = (columnMajor: boolean) =>
  npyBytes({ descr: "<f8", shape: `(${ROWS}, 2)`, data: new Uint8Array(numbers.buffer), columnMajor });

const FILES: Readonly<Record<string, string>> = {
  csv: file("a.csv", csv),
  "csv.gz": file("b.csv.gz", gzipSync(csv)),
  ndjson: file("c.ndjson", Array.from(columns.x, (x, i) => `{"x":${x},"y":${columns.y[i]}}\n`).join("")),
  npy: file("d.npy", array(false)),
  "npy, column by column": file("e.npy", array(true)),
  arrow: file("f.arrow", tableToIPC(tableFromArrays(columns), "file")),
  parquet: await copyToParquet(
    `SELECT sin(range) AS x, cos(range) AS y FROM range(${ROWS})`,
    join(folder, "g.parquet"),
  ),
};

describe.each(Object.entries(FILES))("%s", (_, path) => {
  test.each(["error", "drop"] as const)(
    "is told to be read from 0 to 1, and never less than before: %s",
    async (missing) => {
      const heard: number[] = [];
      const run = engine.loadFile(path, { missing, onProgress: ({ fraction }) => void heard.push(fraction) });
      const steps: ReadStep[] = [];
      for await (const step of run) steps.push(step);
      expect((await run).count).toBe(ROWS);
      expect(steps.map(({ fraction }) => fraction)).toEqual(heard);
      expect(heard.at(-1)).toBe(1);
      expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
      expect(heard[0]).toBeGreaterThan(0);
    },
  );

  test.runIf(process.platform === "linux")("is closed when its signal fires, wherever reading is", async () => {
    await engine.loadFile(path);
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    for (const turns of [0, 1, 2, 4, 8, 16, 32]) {
      const controller = new AbortController();
      const reading = engine.loadFile(path, { signal: controller.signal }).then(
        () => null,
        (error: unknown) => (error instanceof EmixError ? error.code : String(error)),
      );
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      controller.abort();
      expect(["ABORTED", null]).toContain(await reading);
      // A stream that is destroyed closes its file in the thread pool.
      await expect.poll(open, { timeout: 10_000 }).toBe(before);
    }
  });
});

test("what the watcher throws ends reading", async () => {
  const onProgress = () => {
    throw new Error("seen enough");
  };
  await expect(engine.loadFile(FILES.csv, { onProgress })).rejects.toThrow("seen enough");
});

test("a watcher is a function", async () => {
  const error = await failureOf(engine.loadFile(FILES.csv, { onProgress: 3 as never }));
  expect(error.message).toMatch(/`onProgress` .*a function, got 3/);
});
