import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../support/command.ts";

const { emix, file, read, folder, remove } = commandIn("program");
afterAll(remove);

const rows = Array.from({ length: 30_000 }, (_, i) => `${Math.sin(i * 7)},${Math.cos(i * i)},${i % 17}`);
const data = file("waves.csv", `x,y,z\n${rows.join("\n")}\n`);
const long = file("long.csv", `x,y,z\n${`${rows.join("\n")}\n`.repeat(40)}`);

test.each([
  ["fit", "-k", "40", "--max-iterations", "100000", "--tolerance", "0"],
  ["select", "-k", "20..40", "--tolerance", "0"],
])("Ctrl-C in %s: one line, exit 130, and the old model", async (command, ...flags) => {
  file("model.json", "old");
  const args = [
    join(ROOT, "packages/emix/src/cli.ts"),
    command,
    data,
    ...flags,
    "-o",
    "model.json",
    "--progress",
    "json",
  ];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  let stopped = false;
  child.stderr.on("data", (text) => {
    stderr += text;
    if (!stopped && stderr.includes('"iteration"')) stopped = child.kill("SIGINT");
  });
  const [status] = await once(child, "exit");
  expect(status).toBe(130);
  expect(stderr.trimEnd().split("\n").at(-1)).toBe("emix: stopped");
  expect(read("model.json")).toBe("old");
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test.each([
  ["a long file", long, (text: string) => text.includes('"fraction"')],
  ["standard input that never ends", "-", (text: string) => text.includes('"reading"')],
])("Ctrl-C while %s is read: one line, exit 130", async (_, path, isReading) => {
  const args = [join(ROOT, "packages/emix/src/cli.ts"), "fit", path, "-k", "2", "--progress", "json"];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
  let stderr = "";
  let stopped = false;
  child.stderr.on("data", (text) => {
    stderr += text;
    if (!stopped && isReading(stderr)) stopped = child.kill("SIGINT");
  });
  const [status] = await once(child, "exit");
  expect(status).toBe(130);
  expect(stderr).not.toContain('"starts"');
  expect(stderr.trimEnd().split("\n").at(-1)).toBe("emix: stopped");
});

test("exit codes: 0 done, 1 failure, 2 wrong usage", () => {
  expect(emix("fit", data, "-k", "2", "--max-iterations", "3", "-q", "-o", "done.json").status).toBe(0);
  expect(existsSync(join(folder, "done.json"))).toBe(true);
  expect(emix("fit", "nowhere.csv", "-k", "2").status).toBe(1);
  expect(emix("fit", data, "-k", "2", "--seeed", "1").status).toBe(2);
  expect(emix("fit", data, "-k", "2", "--restarts", "0").status).toBe(2);
  expect(emix("fit", data, "-k", "2", "-o", data).status).toBe(2);
});
