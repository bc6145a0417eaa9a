import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { editedFile, originalFiles, readOutcome } from "../support/hostile-files.ts";

// `pnpm fuzz files` does the same for as many edits as wanted, in processes of their own.

const folder = mkdtempSync(join(tmpdir(), "emix-damage-"));
const engine = await createEngine({ offThread: false, threads: 1 });
const originals = await originalFiles();
const seed = process.env.LAWS_SEED ?? "20260401";
const RUNS = 30 * Number(process.env.LAWS_RUNS ?? 1);

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

describe("files with random edits", () => {
  test.each(originals.map(({ name }, at) => ({ name, at })))(
    "$name: read, or a typed error of one line, soon",
    async ({ at }) => {
      for (let run = 0; run < RUNS; run++) {
        const index = at + run * originals.length;
        const file = editedFile(originals, seed, index);
        const outcome = await readOutcome(engine, file, folder).catch((error: unknown) => error);
        expect(outcome, `edited file ${index} of seed ${seed}`).toMatch(/^[a-zA-Z_]+$/);
      }
    },
    900_000,
  );

  test("are as they were where nothing was edited", async () => {
    for (const { name, bytes } of originals) {
      expect(await readOutcome(engine, { name, bytes, options: { missing: "drop" }, texts: true }, folder)).toBe(
        "read",
      );
    }
  });
});
