// What takes too long for the tests: points of more than 4 GiB, and each fuzzer for long. `pnpm soak`: all of it, for hours;
// `pnpm soak size --count 1`; `pnpm soak fits --count 1000000 --seed 7`.

import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { soakSize } from "./size.ts";

const FUZZERS = ["fits", "files", "options", "expressions", "faults"];
/** Faults take seconds each. */
const COUNTS: Readonly<Record<string, number>> = { faults: 2000 };
const MANY = 100_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string" }, seed: { type: "string", default: String(Date.now() % 1e6) } },
});
const chosen = positionals.length > 0 ? positionals : ["size", ...FUZZERS];
let failed = 0;
for (const name of chosen) {
  console.log(`${name}, seed ${values.seed}`);
  failed += name === "size" ? await soakSize(Number(values.count ?? Number.POSITIVE_INFINITY)) : fuzz(name);
}
process.exitCode = failed > 0 ? 1 : 0;

/** out: 1 if the fuzzer found something */
function fuzz(name: string): number {
  const run = new URL("../fuzz/run.ts", import.meta.url).pathname;
  const count = values.count ?? String(COUNTS[name] ?? MANY);
  const args = [run, name, "--count", count, "--seed", values.seed];
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status === 0 ? 0 : 1;
}
