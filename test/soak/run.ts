import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// `pnpm soak`: tests that draw faults from seeds, with many more of them.

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const tests = ["test/parallel/simulated-faults.test.ts", "test/parallel/killed.test.ts"];
const environment = { ...process.env, EMIX_SOAK_SEEDS: "10000", EMIX_SOAK_KILLS: "500" };
const { status } = spawnSync(process.execPath, [vitest, "run", ...tests], { stdio: "inherit", env: environment });
process.exitCode = status ?? 1;
