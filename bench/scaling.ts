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

/** EM step time over threads: engines with 1, 2, … threads side by side on the same points, in turn. */
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
    const { times, outsideLoad } = await measure(engines, counts, wholeNumber(flags.repeats, 8));
    report(engines, workload, counts, times, firsts);
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

function measure(engines: readonly Engine[], runs: StepCounts, repeats: number) {
  const tasks = engines.flatMap((engine) =>
    Object.entries(runs).map(([length, steps]) => ({
      name: `${length} ${engine.threads}`,
      run: async () => {
        await engine.step(steps);
        return undefined;
      },
    })),
  );
  return interleaved(tasks, repeats);
}

function report(
  engines: readonly Engine[],
  { count, components }: Workload,
  counts: StepCounts,
  times: Turns["times"],
  firsts: readonly number[],
): void {
  const table = new Table({
    threads: 7,
    "ms/step": 9,
    median: 9,
    "Mpc/s": 8,
    "speed-up": 8,
    "first run": 9,
    "later run": 9,
  });
  let one = Number.NaN;
  engines.forEach(({ threads }, i) => {
    const of = (length: string) => times.get(`${length} ${threads}`) ?? [];
    const step = stepTime(of("short"), of("long"), counts);
    if (i === 0 && step.sound) one = step.least;
    table.print({
      threads: String(threads),
      "ms/step": step.sound ? short(step.least) : "noise",
      median: short(step.median),
      "Mpc/s": short((count * components) / step.least / 1000),
      "speed-up": step.sound ? `${(one / step.least).toFixed(2)}×` : "–",
      "first run": short(firsts[i]),
      "later run": short(Math.min(...of("short"))),
    });
  });
  console.log("Mpc/s: million point·components a second; speed-up: against the first row; times are minima, in ms.");
}
