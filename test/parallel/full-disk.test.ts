import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { type DiskReport, diskOptions, diskPoints } from "../support/full-disk.ts";

/** Only Linux has prlimit. */
describe.skipIf(process.platform !== "linux")("where a write fails at any place of a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "emix-disk-"));
  let found: DiskReport;
  beforeAll(() => {
    const program = fileURLToPath(new URL("../support/full-disk.ts", import.meta.url));
    // Node would end at the signal that comes with the failure.
    const command = `trap '' XFSZ; exec "$0" "$1" "$2"`;
    const text = execFileSync("sh", ["-c", command, process.execPath, program, folder], { encoding: "utf8" });
    found = JSON.parse(text) as DiskReport;
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const each = (file: string, code: string) => ({ code, kept: true, files: [file] });

  test("a fit rejects, and its old checkpoint is whole and alone", () => {
    expect(found.checkpoint.length).toBeGreaterThan(20);
    for (const { bound: _, ...tried } of found.checkpoint) {
      expect(tried).toEqual(each("kept.tiles", "CHECKPOINT_FAILED"));
    }
  });

  test("saving points rejects, and the old file is whole and alone", () => {
    for (const { bound: _, ...tried } of found.saved) expect(tried).toEqual(each("saved.tiles", "STORAGE_FAILED"));
  });

  test("loading into a file rejects, and leaves nothing", () => {
    for (const { code, files } of found.stored) expect({ code, files }).toEqual({ code: "STORAGE_FAILED", files: [] });
  });

  test("a fit goes on from the checkpoint that was kept, with the same bits", async () => {
    await using engine = await createEngine({ threads: 1, offThread: false });
    expect(found.resumed).toBe(JSON.stringify(await engine.fit(diskPoints, diskOptions)));
  });
});
