import { createEngine, type Engine, type FitOptions, type FitResult, type LoadedPoints } from "emix";
import { draw } from "./data.ts";
import { numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { describeOutsideLoad, watchOutsideLoad } from "./support/outside-load.ts";
import { Peer } from "./support/peer.ts";
import { python } from "./support/python.ts";
import { short, Table } from "./support/table.ts";
import { withTaskFiles } from "./support/task-files.ts";
import { customWorkload, type Workload } from "./support/workloads.ts";

const FLAGS = ["problems", "seeds", "count", "threads"];

/** A problem is drawn from each of these in turn. */
const [DIMENSIONS, SIZES] = [
  [2, 4, 8],
  [5, 8, 12],
];
/** How far components lie apart: problems of one spread are a stratum. */
const SPREADS = [1.5, 2.5, 4];

/** What is compared. */
const SYSTEMS: Readonly<Record<string, Partial<FitOptions>>> = {
  default: {},
  fast: { initialization: "fast" },
  thorough: { initialization: "thorough" },
  "k-means++": { initialization: "k-means++" },
  "restarts 10": { restarts: 10 },
  "restarts 10, all": { restarts: 10, restartStrategy: "all" },
};
const PEER = "scikit-learn";
/** The best known optimum is the best of all runs, and of this one. */
const LONG: Partial<FitOptions> = { initialization: "thorough", restarts: 12, restartStrategy: "all", refine: true };

/** A run reaches the best known optimum if it ends so near, a point. */
const REACHED = 1e-3;

/** Where a run ended and how long it took. */
interface End {
  readonly bound: number;
  readonly seconds: number;
}

type Ends = ReadonlyMap<string, readonly End[]>;

/**
 * How often fits end in the best known optimum, how far below it they end on average, and how long all of them take: by
 * how far components lie apart. scikit-learn takes part where it is installed: n_init 1, tolerance 1e-6.
 */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const problems = wholeNumber(flags.problems, 27);
  const seeds = Array.from({ length: wholeNumber(flags.seeds, 3) }, (_, seed) => seed);
  const [threads] = numbers(flags.threads, [2]);
  const count = wholeNumber(flags.count, 2000);
  console.log(describeMachine());
  const outsideLoad = watchOutsideLoad();
  const strata = new Map<number, Ends[]>();
  await using engine = await createEngine({ threads });
  for (let index = 0; index < problems; index++) {
    const workload = problem(index, count);
    const ends = new Map(await ownEnds(engine, workload, seeds));
    const peer = await peerEnds(workload, seeds, threads);
    if (peer !== undefined) ends.set(PEER, peer);
    strata.set(workload.spread, [...(strata.get(workload.spread) ?? []), ends]);
  }
  const table = new Table({ system: 18, spread: 6, problems: 8, hits: 6, "below best": 10, seconds: 8 });
  for (const [spread, stratum] of strata) printStratum(table, String(spread), stratum);
  printStratum(table, "all", [...strata.values()].flat());
  console.log(`${seeds.length} seeds; ${count} points; hits: within ${REACHED} a point of the best known optimum.`);
  console.log(describeOutsideLoad(outsideLoad()));
}

/** The count makes each problem another one. */
function problem(index: number, count: number): Workload {
  const turn = Math.floor(index / SPREADS.length);
  return customWorkload({
    count: count + index,
    features: DIMENSIONS[turn % 3],
    components: SIZES[Math.floor(turn / 3) % 3],
    spread: SPREADS[index % SPREADS.length],
  });
}

async function ownEnds(engine: Engine, workload: Workload, seeds: readonly number[]): Promise<Ends> {
  const { components, covarianceType } = workload;
  using points = await engine.load(draw(workload).points);
  const run = (options: Partial<FitOptions>) => timed(engine, points, { components, covarianceType, ...options });
  const ends = new Map<string, End[]>();
  for (const [name, options] of Object.entries(SYSTEMS)) {
    const own: End[] = [];
    for (const seed of seeds) own.push(await run({ ...options, seed }));
    ends.set(name, own);
  }
  return ends.set("", [await run(LONG)]);
}

async function timed(engine: Engine, points: LoadedPoints, options: FitOptions): Promise<End> {
  const begun = performance.now();
  const result = await engine.fit(points, options);
  const seconds = (performance.now() - begun) / 1000;
  return { bound: isFloored(result) ? Number.NEGATIVE_INFINITY : result.lowerBound, seconds };
}

/** Does the likelihood owe something to the floor? */
function isFloored({ warnings, iterations }: FitResult): boolean {
  return warnings.some(
    ({ code, lastIteration }) =>
      (code === "SINGULAR_COVARIANCE" || code === "COLLAPSED_COMPONENT") && lastIteration === iterations,
  );
}

async function peerEnds(workload: Workload, seeds: readonly number[], threads: number): Promise<End[] | undefined> {
  const interpreter = python();
  if (interpreter === undefined) return undefined;
  return withTaskFiles(workload, async (folder) => {
    const peer = await Peer.start([interpreter, "scikit_learn_fits.py", folder, String(threads)], threads);
    const ends: End[] = [];
    for (const seed of seeds) {
      const { logLikelihood, seconds } = await peer.run(seed);
      ends.push({ bound: logLikelihood, seconds });
    }
    await peer.stop();
    return ends;
  });
}

function printStratum(table: Table, spread: string, stratum: readonly Ends[]): void {
  const best = stratum.map((ends) => Math.max(...[...ends.values()].flat().map(({ bound }) => bound)));
  for (const system of stratum[0].keys()) {
    if (system === "") continue;
    const runs = stratum.flatMap((ends, i) =>
      (ends.get(system) ?? []).map(({ bound, seconds }) => ({ below: best[i] - bound, seconds })),
    );
    const known = runs.map(({ below }) => below).filter(Number.isFinite);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    table.print({
      system,
      spread,
      problems: String(stratum.length),
      hits: mean(runs.map(({ below }) => Number(below <= REACHED))).toFixed(2),
      "below best": short(mean(known)),
      seconds: short(runs.reduce((sum, { seconds }) => sum + seconds, 0)),
    });
  }
}
