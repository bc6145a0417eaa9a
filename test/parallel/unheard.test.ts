import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../support/unheard.ts", import.meta.url));

test("however work ends, no rejection is unheard, and the process ends by itself", async () => {
  const args = ["--unhandled-rejections=strict", program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
  expect({ end: stdout.trim().split("\n").at(-1), stderr }).toEqual({ end: "end", stderr: "" });
}, 120_000);
