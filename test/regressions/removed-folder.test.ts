import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

// In a folder that somebody removed, a pattern or a file's name ended in an INTERNAL error.

const folder = mkdtempSync(join(tmpdir(), "emix-removed-"));
const data = join(folder, "d.csv");
writeFileSync(data, "x\n1\n2\n8\n9\n");
afterAll(() => rmSync(folder, { recursive: true }));

const cli = new URL("../../packages/emix/src/cli.ts", import.meta.url).pathname;

test.each([
  ["a pattern", "*.csv", 1, "[BAD_FILE]"],
  ["a name", "d.csv", 1, "[FILE_NOT_FOUND]"],
  ["a whole path", data, 0, ""],
])("%s in a folder that is gone", (_, path, status, code) => {
  const script = 'mkdir "$1/gone" && cd "$1/gone" && rmdir "$1/gone" && exec "$2" "$3" fit "$4" -k 1 --quiet';
  const result = spawnSync("sh", ["-c", script, "sh", folder, process.execPath, cli, path], { encoding: "utf8" });
  expect(result.stderr.trim().split("\n")).toHaveLength(1);
  expect(result.stderr).toContain(code);
  expect(result.status).toBe(status);
});
