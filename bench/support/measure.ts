import { Bench } from "tinybench";

/** Something to time. It may return a duration of its own, in ms, in place of what the clock around it says. */
export interface Timed {
  readonly name: string;
  run(): Promise<number | undefined>;
}

/**
 * Runs all tasks in turn, `rounds` times, so that a disturbance of the machine meets all of them alike.
 * out: milliseconds, `rounds` of them, of every task by name
 */
export async function interleaved(tasks: readonly Timed[], rounds: number): Promise<Map<string, number[]>> {
  const times = new Map(tasks.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ iterations: 1, time: 0, warmup: false, throws: true });
    for (const task of tasks) bench.add(task.name, () => timed(task), { async: true });
    for (const { name, result } of await bench.run()) {
      if (result.state === "completed") times.get(name)?.push(result.latency.min);
    }
  }
  return times;
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

const NOISE = 1.05;

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
