import type { KernelKind } from "@emix/core";
import { kernelKinds, list, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { interleaved, type StepCounts, type StepTime, stepTime } from "./support/measure.ts";
import { DISTURBING, describeOutsideLoad } from "./support/outside-load.ts";
import { Peer, type PeerRun } from "./support/peer.ts";
import { python } from "./support/python.ts";
import { keepResult, type PeersResult } from "./support/results.ts";
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
  /** of the short and the long run; default: what the workload says */
  readonly steps: readonly number[] | undefined;
}

/** EM steps of emix and of its peers: same points, start, steps and threads, in turn in one run. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const settings: Settings = {
    threads: numbers(flags.threads, [2])[0],
    kernel: kernelKinds(flags.kernel, [])[0],
    repeats: wholeNumber(flags.repeats, 3),
    systems: list(flags.systems, ["emix", "onedal", "scikit-learn"]),
    steps: flags.steps === undefined ? undefined : numbers(flags.steps, []),
  };
  console.log(describeMachine());
  if (python() === undefined) console.log("No Python peers: `pnpm bench:setup` installs them. emix alone:");
  const table = new Table(COLUMNS);
  const kept = new Set<string>();
  for (const workload of workloadsNamed(list(flags.workload, ["w1", "w2"]))) {
    const sized = flags.count === undefined ? workload : resized(workload, wholeNumber(flags.count, 1));
    const result = await measure(sized, settings);
    print(table, result);
    if (sized === workload && result.outsideLoad < DISTURBING) kept.add(keepResult(result));
  }
  console.log(
    `${settings.threads} threads each, ${settings.repeats} rounds in turn; a step = (long run − short) / steps, minima.`,
  );
  console.log("MiB: most resident beyond the points. differs: log-likelihood from emix's, relative.");
  for (const file of kept) console.log(`Kept in ${file}`);
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

function measure(workload: Workload, settings: Settings): Promise<PeersResult> {
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
  workload: Workload,
  { threads, kernel, repeats, steps }: Settings,
): Promise<PeersResult> {
  const [short = 1, long = workload.longRun] = steps ?? [];
  const counts: StepCounts = { short, long };
  let used = 0;
  const last = new Map<Peer, PeerRun>();
  const tasks = [...peers].flatMap(([name, peer]) =>
    Object.entries(counts).map(([length, steps]) => ({
      name: `${name} ${length}`,
      run: async () => {
        const run = await peer.run(steps);
        used += run.cpuSeconds;
        last.set(peer, run);
        return run.seconds * 1000;
      },
    })),
  );
  await interleaved(tasks, 1); // the warm-up
  const { times, outsideLoad } = await interleaved(tasks, repeats, () => used);
  const emix = last.values().next().value as PeerRun;
  const systems = [...peers].map(([name, peer]) => {
    const of = (length: keyof StepCounts) => times.get(`${name} ${length}`) ?? [];
    const step = stepTime(of("short"), of("long"), counts);
    return compared(name, peer, last.get(peer) as PeerRun, emix, step, AGREEMENT[workload.dtype]);
  });
  return { workload, threads, kernel: kernel ?? "default", counts, repeats, outsideLoad, systems };
}

/** A system beside emix (or the first one measured); its times only where their log-likelihoods agree. */
function compared(name: string, { versions }: Peer, run: PeerRun, emix: PeerRun, step: StepTime, agreement: number) {
  const { logLikelihood, memory } = run;
  const difference = Math.abs((logLikelihood - emix.logLikelihood) / emix.logLikelihood);
  return { name, versions, step: difference <= agreement ? step : null, memory, logLikelihood, difference };
}

function print(table: Table, { workload, systems, outsideLoad }: PeersResult): void {
  const emix = systems.find(({ name, step }) => name === "emix" && step?.sound)?.step?.least ?? Number.NaN;
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
  console.log(describeOutsideLoad(outsideLoad));
}

function timesOf({ least, median, sound }: StepTime, emix: number) {
  if (!sound) return { "ms/step": "noise" };
  return {
    "ms/step": short(least),
    median: short(median),
    "emix is": Number.isNaN(emix) ? "–" : `${(least / emix).toFixed(2)}×`,
  };
}
