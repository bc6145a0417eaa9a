import type { KernelKind } from "@emix/core";
import { kernelKinds, list, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { interleaved, type StepCounts, stepTime } from "./support/measure.ts";
import { Peer, type PeerRun } from "./support/peer.ts";
import { python } from "./support/python.ts";
import { keepResults, type PeersResult, type SystemResult } from "./support/results.ts";
import { mebibytes, short, Table } from "./support/table.ts";
import { withTaskFiles } from "./support/task-files.ts";
import { type Workload, workloadsNamed } from "./support/workloads.ts";

const FLAGS = ["workload", "kernel", "threads", "repeats", "systems", "count", "steps"];
const COLUMNS = {
  workload: 8,
  system: 12,
  "ms/step": 8,
  median: 8,
  "emix is": 8,
  MiB: 5,
  "log-likelihood": 16,
  differs: 8,
};

/** Each system's log-likelihood must meet emix's so closely, relative, before a time of it is told. */
const AGREEMENT = { f64: 1e-9, f32: 1e-4 };

interface Settings {
  readonly threads: number;
  readonly kernel: KernelKind | undefined;
  readonly repeats: number;
  readonly systems: readonly string[];
  readonly counts: StepCounts;
}

/** EM steps of emix and of its peers: same points, start, steps and threads, in turn in one run. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const [short, long] = numbers(flags.steps, [1, 4]);
  const settings: Settings = {
    threads: numbers(flags.threads, [2])[0],
    kernel: kernelKinds(flags.kernel, [])[0],
    repeats: wholeNumber(flags.repeats, 3),
    systems: list(flags.systems, ["emix", "onedal", "scikit-learn"]),
    counts: { short, long },
  };
  console.log(describeMachine());
  if (python() === undefined) console.log("No Python peers: `pnpm bench:setup` installs them. emix alone:");
  const table = new Table(COLUMNS);
  const results: Omit<PeersResult, "commit">[] = [];
  for (const workload of workloadsNamed(list(flags.workload, ["w1", "w2"]))) {
    const sized = flags.count === undefined ? workload : resized(workload, wholeNumber(flags.count, 1));
    const systems = await measure(sized, settings);
    print(table, sized, systems);
    const { threads, kernel = "default", repeats } = settings;
    if (sized === workload) results.push({ workload, threads, kernel, repeats, systems });
  }
  console.log(
    `${settings.threads} threads each, ${settings.repeats} rounds in turn; a step = (${long} steps − ${short}) / ${long - short}, minima.`,
  );
  console.log("MiB: most resident beyond the points. differs: log-likelihood from emix's, relative.");
  if (results.length > 0) console.log(`Kept in ${keepResults(results)}`);
}

/** A workload cut short is not that workload any more: it says so and is not kept. */
const resized = (workload: Workload, count: number): Workload => ({ ...workload, name: `(${workload.name})`, count });

function commands(folder: string, { covarianceType }: Workload, { threads, kernel }: Settings) {
  const emix = [process.execPath, "--expose-gc", "emix.ts", folder, String(threads)];
  const interpreter = python();
  const commands: Record<string, readonly string[]> = { emix: kernel === undefined ? emix : [...emix, kernel] };
  if (interpreter === undefined) return commands;
  // oneDAL knows full and diagonal covariances only
  if (covarianceType === "full" || covarianceType === "diag") {
    commands.onedal = [interpreter, "onedal.py", folder, String(threads)];
  }
  commands["scikit-learn"] = [interpreter, "scikit_learn.py", folder, String(threads)];
  return commands;
}

function measure(workload: Workload, settings: Settings): Promise<SystemResult[]> {
  return withTaskFiles(workload, async (folder) => {
    const peers = new Map<string, Peer>();
    try {
      for (const [name, command] of Object.entries(commands(folder, workload, settings))) {
        if (settings.systems.includes(name)) peers.set(name, await Peer.start(command, settings.threads));
      }
      return await measurePeers(peers, workload, settings);
    } finally {
      for (const peer of peers.values()) await peer.stop();
    }
  });
}

async function measurePeers(
  peers: ReadonlyMap<string, Peer>,
  { dtype }: Workload,
  { repeats, counts }: Settings,
): Promise<SystemResult[]> {
  const last = new Map<string, PeerRun>();
  const tasks = [...peers].flatMap(([name, peer]) =>
    Object.entries(counts).map(([length, steps]) => ({
      name: `${name} ${length}`,
      run: async () => {
        const run = await peer.run(steps);
        last.set(`${name} ${length}`, run);
        return run.seconds * 1000;
      },
    })),
  );
  await interleaved(tasks, 1); // the warm-up
  const times = await interleaved(tasks, repeats);
  const of = (name: string, length: keyof StepCounts) => times.get(`${name} ${length}`) ?? [];
  const [reference] = peers.keys();
  return [...peers].map(([name, { versions }]) => {
    const { logLikelihood, memory } = last.get(`${name} long`) as PeerRun;
    const expected = (last.get(`${reference} long`) as PeerRun).logLikelihood;
    const difference = Math.abs((logLikelihood - expected) / expected);
    const step = difference <= AGREEMENT[dtype] ? stepTime(of(name, "short"), of(name, "long"), counts) : null;
    return { name, versions, step, memory, logLikelihood, difference };
  });
}

function print(table: Table, workload: Workload, systems: readonly SystemResult[]): void {
  const emix = systems.find(({ name }) => name === "emix")?.step?.least ?? Number.NaN;
  for (const { name, step, memory, logLikelihood, difference } of systems) {
    table.print({
      workload: workload.name,
      system: name,
      ...(step === null ? { "ms/step": "disagrees" } : timesOf(step, emix)),
      MiB: mebibytes(memory),
      "log-likelihood": logLikelihood.toFixed(10),
      differs: difference.toExponential(1),
    });
  }
}

function timesOf({ least, median, sound }: SystemResult["step"] & object, emix: number) {
  if (!sound) return { "ms/step": "noise" };
  return { "ms/step": short(least), median: short(median), "emix is": `${(least / emix).toFixed(2)}×` };
}
