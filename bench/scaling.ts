import { draw } from "./data.ts";
import { type Emix, openEmix } from "./support/emix.ts";
import { covarianceTypes, kernelKinds, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { interleaved, type StepCounts, stepTime, type Turns } from "./support/measure.ts";
import { describeOutsideLoad } from "./support/outside-load.ts";
import { short, Table } from "./support/table.ts";
import { customWorkload, type Workload, workloadsNamed } from "./support/workloads.ts";

const FLAGS = ["workload", "count", "features", "components", "type", "threads", "kernel", "repeats", "steps"];

interface Engine {
  readonly emix: Emix;
  readonly threads: number;
  step(count: number): Promise<number>;
}

/**
 * EM step time over threads: engines with 1, 2, … threads side by side on the same points, in turn; and what of a step one
 * thread does alone, which limits many threads (Amdahl's law).
 */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const [kernel] = kernelKinds(flags.kernel, []);
  const [shortRun, longRun] = numbers(flags.steps, [1, 3]);
  const counts = { short: shortRun, long: longRun };
  const workload = chosenWorkload(flags);
  const { points, start } = draw(workload);
  const engines: Engine[] = [];
  for (const threads of numbers(flags.threads, [1, 2])) {
    const emix = await openEmix({ threads, kernel });
    const loaded = await emix.load(points);
    engines.push({ emix, threads, step: (count) => loaded.steps(start, count) });
  }
  console.log(describeMachine());
  console.log(describe(workload, kernel ?? "default", counts));
  try {
    const firsts = await firstRuns(engines, counts.short);
    const { outsideLoad, ...measured } = await measure(engines, counts, wholeNumber(flags.repeats, 8));
    report(engines, workload, counts, { ...measured, firsts });
    console.log(describeOutsideLoad(outsideLoad));
  } finally {
    for (const { emix } of engines) await emix.close();
  }
}

function chosenWorkload(flags: ReturnType<typeof readFlags>): Workload {
  if (flags.workload !== undefined) return workloadsNamed([flags.workload])[0];
  return customWorkload({
    count: wholeNumber(flags.count, 1_000_000),
    features: wholeNumber(flags.features, 16),
    components: wholeNumber(flags.components, 16),
    covarianceType: covarianceTypes(flags.type, ["full"])[0],
    spread: 0.35,
  });
}

const describe = ({ count, features, components, covarianceType, dtype }: Workload, kernel: string, runs: StepCounts) =>
  `${count} points × ${features} features (${dtype}), ${components} components, ${covarianceType}; kernel ${kernel}; ` +
  `a step = (${runs.long} steps − ${runs.short}) / ${runs.long - runs.short}`;

/** Milliseconds of the very first run of each engine; only the first engine's includes what the process warms up once. */
async function firstRuns(engines: readonly Engine[], steps: number): Promise<number[]> {
  const milliseconds = [];
  for (const engine of engines) {
    const began = performance.now();
    await engine.step(steps);
    milliseconds.push(performance.now() - began);
  }
  return milliseconds;
}

/** Milliseconds by task: of the clock; of the processor in the thread that coordinates, and in all threads. */
interface Measured {
  readonly times: Turns["times"];
  readonly alone: Spent;
  readonly whole: Spent;
}

type Spent = ReadonlyMap<string, readonly number[]>;

async function measure(engines: readonly Engine[], runs: StepCounts, repeats: number): Promise<Measured & Turns> {
  const alone = new Map<string, number[]>();
  const whole = new Map<string, number[]>();
  const tasks = engines.flatMap((engine) =>
    Object.entries(runs).map(([length, steps]) => ({
      name: `${length} ${engine.threads}`,
      run: async () => {
        const name = `${length} ${engine.threads}`;
        const before = { alone: process.threadCpuUsage(), whole: process.cpuUsage() };
        await engine.step(steps);
        alone.set(name, [...(alone.get(name) ?? []), millisecondsOf(process.threadCpuUsage(before.alone))]);
        whole.set(name, [...(whole.get(name) ?? []), millisecondsOf(process.cpuUsage(before.whole))]);
        return undefined;
      },
    })),
  );
  return { alone, whole, ...(await interleaved(tasks, repeats)) };
}

const millisecondsOf = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;

function report(
  engines: readonly Engine[],
  { count, components }: Workload,
  counts: StepCounts,
  { times, alone, whole, firsts }: Measured & { readonly firsts: readonly number[] },
): void {
  const table = new Table({
    threads: 7,
    "ms/step": 9,
    median: 9,
    "Mpc/s": 8,
    "speed-up": 8,
    "alone ms": 8,
    "alone %": 8,
    "8 threads": 9,
    "64 threads": 10,
    "first run": 9,
    "later run": 9,
  });
  let one = Number.NaN;
  engines.forEach(({ threads }, i) => {
    const of = (length: string) => times.get(`${length} ${threads}`) ?? [];
    const step = stepTime(of("short"), of("long"), counts);
    const ofStep = (spent: Spent) => {
      const [few, many] = ["short", "long"].map((length) => Math.min(...(spent.get(`${length} ${threads}`) ?? [])));
      return Math.max(0, (many - few) / (counts.long - counts.short));
    };
    const serial = ofStep(alone);
    const divided = Math.max(0, ofStep(whole) - serial);
    const onThreads = (wanted: number) => serial + divided / wanted;
    if (i === 0 && step.sound) one = step.least;
    table.print({
      threads: String(threads),
      "ms/step": step.sound ? short(step.least) : "noise",
      median: short(step.median),
      "Mpc/s": short((count * components) / step.least / 1000),
      "speed-up": step.sound ? `${(one / step.least).toFixed(2)}×` : "–",
      "alone ms": short(serial),
      "alone %": (100 * (serial / onThreads(threads))).toFixed(1),
      "8 threads": `${(onThreads(1) / onThreads(8)).toFixed(1)}×`,
      "64 threads": `${(onThreads(1) / onThreads(64)).toFixed(1)}×`,
      "first run": short(firsts[i]),
      "later run": short(Math.min(...of("short"))),
    });
  });
  console.log("Mpc/s: million point·components a second; speed-up: against the first row; times are minima, in ms.");
  console.log(
    "alone: processor time of the thread that coordinates, and its share of a step; so many threads: the speed-up that it allows.",
  );
}
