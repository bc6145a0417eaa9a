import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { list, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { describeOutsideLoad, watchOutsideLoad } from "./support/outside-load.ts";
import { python } from "./support/python.ts";
import { short, Table } from "./support/table.ts";
import { withTaskFiles } from "./support/task-files.ts";
import { type Workload, workloadsNamed } from "./support/workloads.ts";

const FLAGS = ["workload", "threads", "repeats", "systems", "count", "seed"];

/** A whole job of a system: a process that reads a file and ends with a model. */
interface Job {
  /** of the process, from start to end */
  readonly wall: number;
  /** from reading the file to the model, what the process says itself */
  readonly inside: number;
  readonly logLikelihood: number;
  readonly iterations: number;
}

interface Settings {
  readonly threads: number;
  readonly seed: number;
}

type RunJob = (folder: string, workload: Workload, settings: Settings) => Job;

const PEERS = path.join(import.meta.dirname, "peers");
const PACKAGE = path.join(import.meta.dirname, "..", "packages", "emix");

const SYSTEMS: Readonly<Record<string, RunJob>> = {
  emix: runEmix,
  onedal: (...of) => runPython(["onedal_job.py"], ...of),
  "scikit-learn": (...of) => runPython(["scikit_learn_job.py", "1"], ...of),
  "scikit-learn-10": (...of) => runPython(["scikit_learn_job.py", "10"], ...of),
};

const USUAL = ["emix", "onedal", "scikit-learn"];

/**
 * From a file to a model, everything by default: the command, and scripts that read the same file and fit with oneDAL or
 * scikit-learn, from their own starts. One process each, in turn.
 */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const [[threads], [repeats]] = [numbers(flags.threads, [2]), numbers(flags.repeats, [3])];
  const systems = list(flags.systems, USUAL);
  const settings = { threads, seed: flags.seed === undefined ? 0 : Number(flags.seed) };
  console.log(describeMachine());
  const table = new Table({ workload: 10, system: 24, wall: 8, inside: 8, "÷ emix": 7, iterations: 10, bound: 14 });
  for (const known of workloadsNamed(list(flags.workload, ["w1"]))) {
    if (known.covarianceType !== "full")
      throw new Error(`Jobs are of full covariances; those of ${known.name} are not.`);
    const workload = { ...known, count: wholeNumber(flags.count, known.count) };
    await withTaskFiles(workload, async (folder) => printJobs(table, workload, jobsOf(systems, repeats, folder)));

    function jobsOf(names: readonly string[], rounds: number, folder: string): Map<string, Job[]> {
      const jobs = new Map<string, Job[]>(names.map((name) => [name, []]));
      for (let round = 0; round < rounds; round++) {
        for (const [name, own] of jobs) own.push(SYSTEMS[name](folder, workload, settings));
      }
      return jobs;
    }
  }
  console.log("Seconds, the least of each. inside: from reading the file to the model, without imports.");
  console.log("bound: mean log-likelihood.");
  // All work is done by child processes, so the load of others can be told only by an idle moment.
  const outsideLoad = watchOutsideLoad();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  console.log(describeOutsideLoad(outsideLoad()));
}

function printJobs(table: Table, { name }: Workload, jobs: ReadonlyMap<string, readonly Job[]>): void {
  const least = (own: readonly Job[]) => Math.min(...own.map(({ wall }) => wall));
  const emix = jobs.get("emix");
  for (const [system, own] of jobs) {
    const [{ logLikelihood, iterations }] = own;
    table.print({
      workload: name,
      system,
      wall: short(least(own)),
      inside: short(Math.min(...own.map(({ inside }) => inside))),
      "÷ emix": emix === undefined ? "" : short(least(own) / least(emix)),
      iterations: String(iterations),
      bound: logLikelihood.toFixed(9),
    });
  }
}

function runEmix(folder: string, { components }: Workload, { threads, seed }: Settings): Job {
  const built = path.join(PACKAGE, "dist", "cli.js");
  const command = existsSync(built) ? built : path.join(PACKAGE, "src", "cli.ts");
  const model = path.join(folder, "model.json");
  const fit = ["fit", path.join(folder, "points.npy"), "-k", String(components)];
  const { wall } = timed(process.execPath, [
    command,
    ...fit,
    ...["--threads", String(threads), "--seed", String(seed), "-q", "-o", model],
  ]);
  const { lowerBound, iterations, seconds } = JSON.parse(readFileSync(model, "utf8")).fit;
  return { wall, inside: seconds, logLikelihood: lowerBound, iterations };
}

function runPython(
  [script, ...more]: readonly string[],
  folder: string,
  { components }: Workload,
  { threads, seed }: Settings,
): Job {
  const interpreter = python();
  if (interpreter === undefined) throw new Error("Python's systems are not installed: run pnpm bench:setup.");
  const file = path.join(folder, "points.npy");
  const args = [path.join(PEERS, script), file, ...[components, threads, seed].map(String), ...more];
  const { wall, output } = timed(interpreter, args);
  const { seconds, logLikelihood, iterations } = JSON.parse(output);
  return { wall, inside: seconds, logLikelihood, iterations };
}

/** Runs a process to its end. out: seconds, and what it printed */
function timed(program: string, args: readonly string[]): { readonly wall: number; readonly output: string } {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  const wall = (performance.now() - begun) / 1000;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}\n${stderr}`);
  return { wall, output: stdout };
}
