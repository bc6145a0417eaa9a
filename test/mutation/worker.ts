import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { mutantsOf, schemata } from "./schemata.ts";

// A process that holds files with all their mutants, and the tests; it runs one test under one mutant at a time.

/** What the process is told when it starts. */
export interface Setting {
  readonly files: readonly string[];
  readonly tests: readonly string[];
  readonly reaching: boolean;
}

export interface Ready {
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

export interface Task {
  readonly test: number;
  /** −1: none */
  readonly mutant: number;
  readonly constants: boolean;
  readonly mostLoops: number;
  /** of processor time */
  readonly mostMilliseconds: number;
  /** only see whether it still passes: properties stop early */
  readonly brief: boolean;
}

export interface Outcome {
  readonly failure: string | null;
  readonly milliseconds: number;
  readonly loops: number;
  readonly reached: readonly number[];
}

const { files, tests, reaching } = JSON.parse(process.argv[2]) as Setting;
const switches = new URL("./switches.ts", import.meta.url).href;
const collector = new URL("./collector.ts", import.meta.url).href;
const sources = new Map(files.map((file) => [pathToFileURL(file).href, file]));
const mutants = Map.groupBy(
  mutantsOf(files, (file) => readFileSync(file, "utf8")),
  ({ file }) => file,
);

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== "vitest" || context.parentURL === collector) return next(specifier, context);
    return { url: collector, shortCircuit: true };
  },
  load(url, context, next) {
    const file = sources.get(url);
    if (file === undefined) return next(url, context);
    const source = schemata(file, readFileSync(file, "utf8"), mutants.get(file) ?? [], switches, reaching);
    return { format: "module-typescript", source, shortCircuit: true };
  },
});

const { collect, collected, runTest } = await import("./collector.ts");
const { activate, happened } = await import("./switches.ts");

const end = new Float64Array(new SharedArrayBuffer(8)).fill(Number.POSITIVE_INFINITY);
new Worker(new URL("./watchdog.ts", import.meta.url), { workerData: end }).unref();
for (const test of tests) await collect(pathToFileURL(test).href);

const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

process.on("message", async ({ test, mutant, constants, mostLoops, mostMilliseconds, brief }: Task) => {
  const started = processorTime();
  end[0] = started + mostMilliseconds;
  fc.configureGlobal({ endOnFailure: true, ...(brief && { interruptAfterTimeLimit: 30 }) });
  let failure: string | null = null;
  try {
    activate(mutant, constants, mostLoops);
    await runTest(collected[test]);
  } catch (error) {
    failure = String(error).slice(0, 200);
  }
  const outcome: Outcome = { failure, milliseconds: processorTime() - started, ...happened() };
  end[0] = Number.POSITIVE_INFINITY;
  activate(-1, constants, Number.POSITIVE_INFINITY);
  process.send?.(outcome);
});
process.send?.({ tests: collected.map(({ file, name }) => ({ file, name })) } satisfies Ready);
