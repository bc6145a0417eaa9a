import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { randomStream } from "@emix/core";
import { expect, test } from "vitest";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { keptOptions, keptPoints } from "../support/kept-fit.ts";

/** `pnpm soak` has 500. */
const KILLS = Number(process.env.EMIX_SOAK_KILLS ?? 3);
const program = fileURLToPath(new URL("../support/kept-fit.ts", import.meta.url));

/** Starts the fit, and kills it some time after its first checkpoint. */
async function killed(path: string, milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [program, path], { stdio: "ignore" });
  const exit = once(child, "exit");
  while (!existsSync(path) && child.exitCode === null) await sleep(2);
  await sleep(milliseconds);
  child.kill("SIGKILL");
  await exit;
}

test(`a fit that is killed goes on with the same bits: ${KILLS} times`, { timeout: 7_200_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "emix-"));
  const random = randomStream(1, "kills");
  await using engine = await createEngine({ threads: 1, offThread: false });
  const unbroken = JSON.stringify(await engine.fit(keptPoints, keptOptions));
  for (let kill = 0; kill < KILLS; kill++) {
    const path = join(folder, `${kill}.checkpoint`);
    await killed(path, 400 * random.uniform());
    expect(JSON.stringify(await engine.resume(path, keptPoints)), `kill ${kill}`).toBe(unbroken);
  }
  rmSync(folder, { recursive: true });
  if (KILLS > 3) console.log(`${KILLS} kills, each went on with the same bits`);
});
