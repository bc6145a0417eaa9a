// What takes too long for the tests: points of more than 4 GiB, much work in little memory, tests that draw faults or
// problems from seeds, clusters that are disturbed, and each fuzzer for long. `pnpm soak`: all of it, for hours;
// `pnpm soak size --count 1`; `pnpm soak fits --count 1000000 --seed 7`.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { soakCluster } from "./cluster.ts";
import { soakRedone } from "./cluster-redone.ts";
import { soakSteps } from "./cluster-steps.ts";
import { soakLimited } from "./limited.ts";
import { soakSize } from "./size.ts";

/** in: count, of whatever it counts. out: how many went wrong */
type Soak = (count: number, seed: string) => number | Promise<number>;

interface Kind {
  readonly run: Soak;
  /** how many, unless told */
  readonly count: number;
}

const kinds: Readonly<Record<string, Kind>> = {
  size: { run: soakSize, count: Number.POSITIVE_INFINITY },
  limited: { run: soakLimited, count: 100 },
  kills: { run: kills, count: 500 },
  lists: { run: lists, count: 2000 },
  cluster: { run: soakCluster, count: 100 },
  steps: { run: soakSteps, count: 10 },
  redone: { run: soakRedone, count: 20 },
  fits: { run: fuzzer("fits"), count: 100_000 },
  files: { run: fuzzer("files"), count: 100_000 },
  models: { run: fuzzer("models"), count: 100_000 },
  options: { run: fuzzer("options"), count: 100_000 },
  expressions: { run: fuzzer("expressions"), count: 100_000 },
  faults: { run: fuzzer("faults"), count: 2000 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string" }, seed: { type: "string", default: String(Date.now() % 1e6) } },
});
let failed = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(kinds)) {
  const { run, count } = kinds[name] ?? unknown(name);
  console.log(`${name}, seed ${values.seed}`);
  failed += await run(Number(values.count ?? count), values.seed);
}
process.exitCode = failed > 0 ? 1 : 0;

function unknown(name: string): never {
  throw new Error(`Expected one of ${Object.keys(kinds).join(", ")}, got ${name}.`);
}

/** The tests of faults by seeds, with 10,000 seeds, and of so many fits that are killed. */
function kills(count: number): number {
  const tests = ["test/parallel/simulated-faults.test.ts", "test/parallel/killed.test.ts"];
  return runTests(tests, { EMIX_SOAK_SEEDS: "10000", EMIX_SOAK_KILLS: String(count) });
}

/** The laws of lists of pairs, on so many problems with hundreds or thousands of components, and others. */
function lists(count: number, seed: string): number {
  return runTests(["test/laws/lists.test.ts"], { LAWS_RUNS: String(count / 8), LAWS_SEED: seed });
}

/** in: settings, of the environment. out: 1 if a test failed */
function runTests(tests: readonly string[], settings: Readonly<Record<string, string>>): number {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const env = { ...process.env, ...settings };
  return spawnSync(process.execPath, [vitest, "run", ...tests], { stdio: "inherit", env }).status === 0 ? 0 : 1;
}

/** A fuzzer for long; 1 if it finds something. */
function fuzzer(name: string): Soak {
  const module = new URL("../fuzz/run.ts", import.meta.url).pathname;
  return (count, seed) => {
    const args = [module, name, "--count", String(count), "--seed", seed];
    return spawnSync(process.execPath, args, { stdio: "inherit" }).status === 0 ? 0 : 1;
  };
}
