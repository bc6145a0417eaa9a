import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../../support/command.ts";

const { emix, file, read, folder, remove } = commandIn("asked-fit");
afterAll(remove);

const rows = Array.from({ length: 20_000 }, (_, i) => `${Math.sin(i * 7)},${Math.cos(i * i)},${i % 17}`);
const data = file("waves.csv", `x,y,z\n${rows.join("\n")}\n`);
const flags = ["-k", "12", "--max-iterations", "60", "--tolerance", "0"];

/** The numbers of a model, without what differs from run to run. */
const fitOf = (name: string) => {
  const { components, fit } = JSON.parse(read(name)) as { components: unknown; fit: { history: unknown } };
  return JSON.stringify([components, fit?.history]);
};

test("Ctrl-C writes the checkpoint, exit 130, and --resume goes on to the same model", async () => {
  expect(emix("fit", data, ...flags, "-o", "unbroken.json").status).toBe(0);
  const args = [join(ROOT, "packages/emix/src/cli.ts"), "fit", data, ...flags];
  const more = ["--checkpoint", "fit.checkpoint", "--progress", "json", "-o", "none.json"];
  const child = spawn(process.execPath, [...args, ...more], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let stopped = false;
  child.stderr.on("data", (text) => {
    if (!stopped && String(text).includes('"iteration"')) stopped = child.kill("SIGINT");
  });
  const [status] = await once(child, "exit");
  expect(status).toBe(130);
  expect(existsSync(join(folder, "fit.checkpoint"))).toBe(true);
  expect(emix("fit", data, "--resume", "fit.checkpoint", "-o", "resumed.json").status).toBe(0);
  expect(fitOf("resumed.json")).toBe(fitOf("unbroken.json"));
});

test("--resume takes no options of a fit, and no other file", () => {
  expect(emix("fit", data, "--resume", "fit.checkpoint", "-k", "3")).toMatchObject({ status: 2 });
  file("no.checkpoint", "nothing");
  const refused = emix("fit", data, "--resume", "no.checkpoint");
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("[BAD_CHECKPOINT]")]);
});
