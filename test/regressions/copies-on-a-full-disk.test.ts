import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/command.ts";
import { npyBytes } from "../support/io-files.ts";
import { zipBytes } from "../support/zip-files.ts";

// What is read from a copy was called damaged where there was no room for the copy. And a fit wrote its model over the config
// file that its flags came from.

const folder = mkdtempSync(join(tmpdir(), "emix-copies-"));
afterAll(() => rmSync(folder, { recursive: true }));

const numbers = Float64Array.from({ length: 8000 }, (_, i) => (i * i) % 977);
const array = npyBytes({ descr: "<f8", shape: "(4000, 2)", data: Buffer.from(numbers.buffer) });
const packed = join(folder, "packed.npz");
writeFileSync(packed, zipBytes({ "x.npy": array }, deflateRawSync));
const text = `x,y\n${Array.from({ length: 4000 }, (_, i) => `${numbers[i]},${i % 7}`).join("\n")}\n`;

function emix(before: string, args: readonly string[], input = "") {
  const command = join(ROOT, "packages/emix/src/cli.ts");
  const shell = `${before} exec "$0" "$@"`;
  return spawnSync("sh", ["-c", shell, process.execPath, command, ...args], { cwd: folder, encoding: "utf8", input });
}

/** Linux bounds the size of a file that a process may write. */
describe.skipIf(process.platform !== "linux")("a copy for which there is no room", () => {
  test.each([
    ["standard input", "-", text],
    [packed, packed, ""],
  ])("of %s: the folder is named", (name, path, input) => {
    const { status, stderr } = emix("trap '' XFSZ; ulimit -f 8;", ["fit", path, "-k", "1", "-q"], input);
    expect(status).toBe(1);
    expect(stderr).toContain(`emix: Could not copy ${name} to ${tmpdir()} (EFBIG`);
    expect(stderr).toMatch(/make room there, or name another folder in TMPDIR\. \[STORAGE_FAILED\]\n$/);
  });
});

test.each([["-o"], ["--checkpoint"]])("the config file as %s is refused", (flag) => {
  const config = '{"components": 1}';
  writeFileSync(join(folder, "flags.json"), config);
  writeFileSync(join(folder, "points.csv"), text);
  const { status, stderr } = emix("", ["fit", "points.csv", "--config", "flags.json", flag, "./flags.json"]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^emix: Expected an output to be another file than those that are read, got \.\/flags\.json/);
});
