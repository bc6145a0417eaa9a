import {
  createEngine,
  type Engine,
  type FitOptions,
  type FitStep,
  type GaussianMixture,
  type LoadedPoints,
} from "emix";
import { draw } from "./data.ts";
import { list, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { describeOutsideLoad, watchOutsideLoad } from "./support/outside-load.ts";
import { Peer } from "./support/peer.ts";
import { python } from "./support/python.ts";
import { short, Table } from "./support/table.ts";
import { withTaskFiles } from "./support/task-files.ts";
import { type Workload, workloadsNamed } from "./support/workloads.ts";

const FLAGS = ["workload", "seeds", "first", "threads", "count", "passes"];

/** A fit is at the end when it is so near, relative to the bound. */
const REACHED = 1e-9;
const DIFFERENT = 1e-6;

/** What remains is then about what counts as the same end. */
const TO_THE_END: Partial<FitOptions> = { tolerance: 1e-9, maxIterations: 2000 };

/** The bound of all points after each pass, and what had been spent by then, from the beginning of the fit. */
interface Climb {
  readonly bounds: readonly number[];
  /** by the clock */
  readonly seconds: readonly number[];
  /** of all threads */
  readonly work: readonly number[];
}

/** What a start needs to the same end. */
interface Comparison {
  /** plain EM's */
  readonly passes: number;
  /** by the clock, and of all threads */
  readonly plain: readonly [seconds: number, work: number];
  readonly default: readonly [seconds: number, work: number];
  /** where the default ends − where plain EM does, relative; NaN: plain EM was not followed that far */
  readonly higher: number;
}

/**
 * From the same start to the same end: fits as they are by default (parts of the points first, longer steps) beside plain
 * EM, from k-means++ starts of several seeds. oneDAL takes the steps of plain EM; its time is theirs by number.
 */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const first = Number(flags.first ?? 0);
  const seeds = Array.from({ length: wholeNumber(flags.seeds, 20) }, (_, i) => first + i);
  const [threads] = numbers(flags.threads, [2]);
  const passes = wholeNumber(flags.passes, 5000);
  console.log(describeMachine());
  const table = new Table({
    workload: 8,
    ...{ seeds: 5, passes: 7, default: 8, plain: 8, "10 %": 6, median: 7, "by work": 8 },
    ...{ oneDAL: 8, "÷ default": 9, lower: 5, higher: 6, cut: 4 },
  });
  for (const known of workloadsNamed(list(flags.workload, ["w2o", "w3", "w6"]))) {
    const workload = { ...known, count: wholeNumber(flags.count, known.count) };
    const outsideLoad = watchOutsideLoad();
    const found = await compared(workload, seeds, threads, passes);
    console.log(describeOutsideLoad(outsideLoad()));
    table.print(rowOf(workload, found, await oneDalStep(workload, threads)));
  }
  console.log(
    "Seconds to the same end, medians of the seeds. 10 %, median: plain ÷ default; by work: processor time of all",
  );
  console.log(
    "threads. oneDAL: plain EM's passes, each as long as one of its own. lower, higher: where the default ends.",
  );
  console.log(`cut: plain EM was left after ${passes} passes, so that it would take longer than told.`);
}

async function compared(
  workload: Workload,
  seeds: readonly number[],
  threads: number,
  passes: number,
): Promise<Comparison[]> {
  await using engine = await createEngine({ threads, offThread: false });
  await using points = await engine.load(draw(workload).points);
  const { components } = workload;
  const found: Comparison[] = [];
  for (const seed of seeds) {
    const first = { components, seed, initialization: "k-means++", schedule: "full", tolerance: 0 } as const;
    const { mixture } = await engine.fit(points, { ...first, acceleration: "none", maxIterations: 1 });
    const one = await comparedFrom(engine, points, mixture, passes);
    console.log(
      `${workload.name}, seed ${seed}: ${one.passes} passes, ${short(one.plain[0])} s ÷ ${short(one.default[0])} s`,
    );
    found.push(one);
  }
  return found;
}

async function comparedFrom(
  engine: Engine,
  points: LoadedPoints,
  initialization: GaussianMixture,
  passes: number,
): Promise<Comparison> {
  const from = { ...TO_THE_END, initialization };
  const fast = await climb(engine, points, { ...from, schedule: "progressive" });
  const end = fast.bounds[fast.bounds.length - 1];
  const there = end - REACHED * Math.abs(end);
  const limit = { maxIterations: passes, acceleration: "none", schedule: "full" } as const;
  const plain = await climb(engine, points, { ...from, ...limit });
  const plainEnd = plain.bounds[plain.bounds.length - 1];
  const isCut = plain.bounds.length >= passes && plainEnd < there;
  const target = Math.min(there, plainEnd);
  const [own, other] = [fast, plain].map(({ bounds }) => bounds.findIndex((bound) => bound >= target));
  return {
    passes: other + 1,
    default: [fast.seconds[own], fast.work[own]],
    plain: [plain.seconds[other], plain.work[other]],
    higher: isCut ? Number.NaN : (end - plainEnd) / Math.abs(plainEnd),
  };
}

async function climb(engine: Engine, points: LoadedPoints, options: Partial<FitOptions>): Promise<Climb> {
  const [bounds, seconds, work]: number[][] = [[], [], []];
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await engine.fit(points, {
    ...options,
    onStep({ lowerBound, part }: FitStep) {
      // The bound of a part of the points is that of other points.
      if (part !== undefined) return;
      const { user, system } = process.cpuUsage(before);
      bounds.push(lowerBound);
      seconds.push((performance.now() - begun) / 1000);
      work.push((user + system) / 1e6);
    },
  } as FitOptions);
  return { bounds, seconds, work };
}

/** Seconds of an EM step of oneDAL; undefined where it is not installed. */
function oneDalStep(workload: Workload, threads: number): Promise<number | undefined> {
  const interpreter = python();
  if (interpreter === undefined) return Promise.resolve(undefined);
  return withTaskFiles(workload, async (folder) => {
    const peer = await Peer.start([interpreter, "onedal.py", folder, String(threads)], threads);
    const [few, many] = [1, 1 + workload.longRun];
    const times = { few: Number.POSITIVE_INFINITY, many: Number.POSITIVE_INFINITY };
    try {
      for (let round = 0; round < 3; round++) {
        times.few = Math.min(times.few, (await peer.run(few)).seconds);
        times.many = Math.min(times.many, (await peer.run(many)).seconds);
      }
    } finally {
      await peer.stop();
    }
    return (times.many - times.few) / (many - few);
  });
}

function rowOf({ name }: Workload, found: readonly Comparison[], step: number | undefined) {
  const quantile = (share: number, of: (one: Comparison) => number) => {
    const values = found.map(of).sort((a, b) => a - b);
    return values[Math.floor(share * (values.length - 1))];
  };
  const ratio = (one: Comparison) => one.plain[0] / one.default[0];
  const oneDal = step === undefined ? undefined : quantile(0.5, ({ passes }) => passes * step);
  const fold = step === undefined ? undefined : quantile(0.5, (one) => (one.passes * step) / one.default[0]);
  return {
    workload: name,
    seeds: String(found.length),
    passes: String(quantile(0.5, ({ passes }) => passes)),
    default: short(quantile(0.5, (one) => one.default[0])),
    plain: short(quantile(0.5, (one) => one.plain[0])),
    "10 %": short(quantile(0.1, ratio)),
    median: short(quantile(0.5, ratio)),
    "by work": short(quantile(0.5, (one) => one.plain[1] / one.default[1])),
    oneDAL: oneDal === undefined ? "–" : short(oneDal),
    "÷ default": fold === undefined ? "–" : short(fold),
    lower: String(found.filter(({ higher }) => higher < -DIFFERENT).length),
    higher: String(found.filter(({ higher }) => higher > DIFFERENT).length),
    cut: String(found.filter(({ higher }) => Number.isNaN(higher)).length),
  };
}
