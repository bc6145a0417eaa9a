// What takes too long for the tests: points of more than 4 GiB, tests that draw faults or problems from seeds, clusters that are disturbed,
// and each fuzzer for long. `pnpm soak`: all of it, for hours;
// `pnpm soak size --count 1`; `pnpm soak fits --count 1000000 --seed 7`.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { soakCluster } from "./cluster.ts";
import { soakSteps } from "./cluster-steps.ts";
import { soakSize } from "./size.ts";

const FUZZERS = ["fits", "files", "options", "expressions", "faults"];
/** Faults take seconds each. */
const COUNTS: Readonly<Record<string, number>> = { faults: 2000 };
const MANY = 100_000;
const CLUSTER_FITS = 100;
const MINUTES_OF_STEPS = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string" }, seed: { type: "string", default: String(Date.now() % 1e6) } },
});
const chosen = positionals.length > 0 ? positionals : ["size", "kills", "lists", "cluster", "steps", ...FUZZERS];
let failed = 0;
for (const name of chosen) {
  console.log(`${name}, seed ${values.seed}`);
  failed += await soak(name);
}
process.exitCode = failed > 0 ? 1 : 0;

async function soak(name: string): Promise<number> {
  if (name === "size") return soakSize(Number(values.count ?? Number.POSITIVE_INFINITY));
  if (name === "cluster") return soakCluster(Number(values.count ?? CLUSTER_FITS), values.seed);
  if (name === "steps") return soakSteps(Number(values.count ?? MINUTES_OF_STEPS), values.seed);
  if (name === "lists") return lists();
  return name === "kills" ? kills() : fuzz(name);
}

/** The tests of faults by seeds, with 10,000 seeds, and of fits that are killed, with 500. */
function kills(): number {
  const tests = ["test/parallel/simulated-faults.test.ts", "test/parallel/killed.test.ts"];
  return runTests(tests, { EMIX_SOAK_SEEDS: "10000", EMIX_SOAK_KILLS: "500" });
}

/** The laws of lists of pairs, on 2,000 problems with hundreds or thousands of components, and others. */
function lists(): number {
  const times = Number(values.count ?? 2000) / 8;
  return runTests(["test/laws/lists.test.ts"], { LAWS_RUNS: String(times), LAWS_SEED: values.seed });
}

/** in: settings, of the environment. out: 1 if a test failed */
function runTests(tests: readonly string[], settings: Readonly<Record<string, string>>): number {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const env = { ...process.env, ...settings };
  return spawnSync(process.execPath, [vitest, "run", ...tests], { stdio: "inherit", env }).status === 0 ? 0 : 1;
}

/** out: 1 if the fuzzer found something */
function fuzz(name: string): number {
  const run = new URL("../fuzz/run.ts", import.meta.url).pathname;
  const count = values.count ?? String(COUNTS[name] ?? MANY);
  const args = [run, name, "--count", count, "--seed", values.seed];
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status === 0 ? 0 : 1;
}
