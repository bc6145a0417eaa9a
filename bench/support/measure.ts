import { Bench } from "tinybench";
import { DISTURBING, watchOutsideLoad } from "./outside-load.ts";

/** Something to time. It may return a duration of its own, in ms, in place of what the clock around it says. */
export interface Timed {
  readonly name: string;
  run(): Promise<number | undefined>;
}

/** Times of tasks that took turns. */
export interface Turns {
  /** milliseconds of every run, by task */
  readonly times: ReadonlyMap<string, readonly number[]>;
  /** cores that others kept busy meanwhile */
  readonly outsideLoad: number;
}

interface Round {
  readonly milliseconds: ReadonlyMap<string, number>;
  readonly outsideLoad: number;
}

/**
 * Runs all tasks in turn, round by round, so that a disturbance of the machine meets all of them alike; rounds that
 * others disturbed are made up for, up to as many again, and count only if there are no others.
 * in: childrenSeconds, as `watchOutsideLoad` takes it
 */
export async function interleaved(
  tasks: readonly Timed[],
  rounds: number,
  childrenSeconds?: () => number,
): Promise<Turns> {
  const all: Round[] = [];
  const quiet = () => all.filter(({ outsideLoad }) => outsideLoad < DISTURBING);
  while (quiet().length < rounds && all.length < 2 * rounds) {
    const outsideLoad = watchOutsideLoad(childrenSeconds);
    const milliseconds = await oneRound(tasks);
    all.push({ milliseconds, outsideLoad: outsideLoad() });
  }
  const kept = quiet().length > 0 ? quiet() : all;
  const timesOf = (name: string) => kept.map(({ milliseconds }) => milliseconds.get(name) ?? Number.NaN);
  return {
    times: new Map(tasks.map(({ name }) => [name, timesOf(name)])),
    outsideLoad: kept.reduce((sum, { outsideLoad }) => sum + outsideLoad, 0) / kept.length,
  };
}

/** out: milliseconds by task */
async function oneRound(tasks: readonly Timed[]): Promise<Map<string, number>> {
  const bench = new Bench({ iterations: 1, time: 0, warmup: false, throws: true });
  for (const task of tasks) bench.add(task.name, () => timed(task), { async: true });
  const results = await bench.run();
  return new Map(
    results.map(({ name, result }) => [name, result.state === "completed" ? result.latency.min : Number.NaN]),
  );
}

async function timed(task: Timed): Promise<{ overriddenDuration: number } | undefined> {
  const own = await task.run();
  return own === undefined ? undefined : { overriddenDuration: own };
}

/** The least of many calls in a row, milliseconds, after a warm-up. */
export async function quickest(run: () => void, milliseconds: number): Promise<number> {
  const bench = new Bench({ time: milliseconds, iterations: 5, warmupTime: milliseconds / 3, warmupIterations: 2 });
  bench.add("run", run, { async: false });
  const [{ result }] = await bench.run();
  if (result.state !== "completed") throw new Error(`A timed function ended ${result.state}.`);
  return result.latency.min;
}

/** What a step costs, from the times of two runs of different lengths: start-up, loading and last passes cancel. */
export interface StepTime {
  /** difference of minima, and of medians; ms */
  readonly least: number;
  readonly median: number;
  /** no: the difference is below 0, or above the long run's mean step, so noise and not a figure */
  readonly sound: boolean;
}

/** Steps of the short and of the long run. */
export interface StepCounts {
  readonly short: number;
  readonly long: number;
}

const NOISE = 1.1;

export function stepTime(short: readonly number[], long: readonly number[], counts: StepCounts): StepTime {
  const per = (difference: number) => difference / (counts.long - counts.short);
  const least = per(Math.min(...long) - Math.min(...short));
  const sound = least > 0 && least <= (Math.min(...long) / counts.long) * NOISE;
  return { least, median: per(medianOf(long) - medianOf(short)), sound };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
