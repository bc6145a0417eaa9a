import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** More than 4 GiB each: rows, features, dtype, where they come from, and whether the engine has a thread of its own. */
const CASES = [
  [34_000_000, 16, "f64", "array", "off"],
  [34_000_000, 16, "f64", "npy", "on"],
  [70_000_000, 8, "f64", "array", "on"],
  [70_000_000, 8, "f64", "npy", "off"],
  [140_000_000, 8, "f32", "array", "off"],
  [140_000_000, 8, "f32", "npy", "on"],
] as const;

const TOLERANCE = 1e-10;
const GIB = 2 ** 30;

const child = new URL("size-child.ts", import.meta.url).pathname;

interface Outcome {
  readonly mixture: number;
  readonly score: number;
  readonly labels: number;
  readonly finite: boolean;
  readonly peak: number;
  readonly planned: number;
}

/** Fits, scores and labels points of more than 4 GiB. in: how many of the cases. out: how many went wrong */
export async function soakSize(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "emix-size-"));
  let failures = 0;
  try {
    for (const [rows, features, dtype, place, thread] of CASES.slice(0, count)) {
      const name = `${rows / 1e6}M × ${features} ${dtype}, ${place}, engine ${thread} the calling thread's`;
      const path = place === "array" ? place : join(folder, "points.npy");
      const begun = performance.now();
      const outcome = await run([rows, features, dtype, path, thread].map(String));
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      const sound = outcome.mixture < TOLERANCE && outcome.score < TOLERANCE && outcome.labels === 0 && outcome.finite;
      if (!sound) failures++;
      console.log(
        `${sound ? "right" : "WRONG"}  ${name}: peak ${(outcome.peak / GIB).toFixed(1)} GiB, planned ${(outcome.planned / GIB).toFixed(1)}; ` +
          `mixture ${outcome.mixture.toExponential(1)}, score ${outcome.score.toExponential(1)}, ${outcome.labels} labels wrong; ${seconds} s`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return failures;
}

async function run(args: readonly string[]): Promise<Outcome> {
  if (freemem() < 10 * GIB) console.log("less than 10 GiB of memory are free");
  const { stdout } = await promisify(execFile)(process.execPath, [child, ...args]);
  return JSON.parse(stdout.trim().split("\n").at(-1) as string);
}
