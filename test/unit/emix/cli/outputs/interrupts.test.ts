import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";

const { emix, file, folder, remove } = commandIn("interrupts");
afterAll(remove);

file("points.csv", `x,y\n${Array.from({ length: 400 }, (_, i) => `${i % 7},${i % 11}`).join("\n")}\n`);
emix("fit", "points.csv", "-k", "2", "-q", "-o", "model.json");
emix("sample", "model.json", "-n", "2000000", "-q", "-o", "many.csv");

const parts = () => readdirSync(folder).filter((name) => name.endsWith(".part"));

/** Runs the command, and sends it signals once it writes. out: how it ended */
async function interrupted(args: readonly string[], signals: readonly NodeJS.Signals[]): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, "packages/emix/src/cli.ts"), ...args], {
    cwd: folder,
    stdio: "ignore",
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(String(signal ?? code)));
  });
  const writes = () => parts().some((name) => (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0);
  while (!writes() && child.exitCode === null) await setTimeout(5);
  expect(child.exitCode).toBeNull();
  for (const signal of signals) child.kill(signal);
  return ended;
}

test.each<[string, string[], NodeJS.Signals[], RegExp]>([
  ["stops work", ["predict", "model.json", "many.csv", "-o", "one.csv"], ["SIGINT"], /^130$/],
  [
    "ends it",
    ["predict", "model.json", "many.csv", "-o", "two.csv"],
    ["SIGINT", "SIGINT", "SIGTERM"],
    /^(130|SIGINT|SIGTERM)$/,
  ],
  ["is of another kind", ["predict", "model.json", "many.csv", "-o", "term.csv"], ["SIGTERM"], /^SIGTERM$/],
  ["finds no work", ["sample", "model.json", "-n", "5000000", "-o", "drawn.csv"], ["SIGINT"], /^SIGINT$/],
])("a signal that %s leaves no file half written", async (_, args, signals, end) => {
  expect(await interrupted(args, signals)).toMatch(end);
  expect(parts()).toEqual([]);
  expect(readdirSync(folder)).not.toContain(args.at(-1));
});
