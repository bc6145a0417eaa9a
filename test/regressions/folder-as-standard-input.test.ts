import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/command.ts";

test("a folder as standard input is named as such; it was read as an empty file", () => {
  const folder = openSync(tmpdir(), "r");
  const command = join(ROOT, "packages/emix/src/cli.ts");
  const { status, stderr } = spawnSync(process.execPath, [command, "fit", "-", "-k", "2"], {
    stdio: [folder, "pipe", "pipe"],
    encoding: "utf8",
  });
  closeSync(folder);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/standard input: .*it is a folder\. \[BAD_FILE\]/);
});
