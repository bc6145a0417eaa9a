import {
  type Bootstrap,
  type BootstrapPlan,
  bootstrap,
  type CovarianceType,
  type Criterion,
  clusterLabels,
  criterionOf,
  describe,
  type EvaluatedArrays,
  type Executor,
  em,
  evaluate,
  expectedLogLikelihood,
  type FitSurroundings,
  findNodes,
  fit,
  fromKmeansPlusPlus,
  GaussianMixture,
  initialize,
  inStoredUnits,
  inUnitsOfPoints,
  type Measure,
  type Merging,
  type Mixture,
  mergeByEntropy,
  orderPoints,
  overAllRows,
  type PlainFitResult,
  type PlainStart,
  plainRulesFor,
  plainStatistics,
  type Quantity,
  type RegularizationOption,
  type Sample,
  type Seed,
  type StandardErrors,
  type SufficientStatistics,
  scaledStatistics,
  standardErrors,
  startFrom,
  summarize,
  type Tiles,
  weightedMean,
} from "@emix/core";
import type { KeptFit } from "../checkpoint/checkpoint.ts";
import type { RunAlone } from "../executors/start-runner.ts";
import { yieldToEvents } from "../pause.ts";
import type { EmStep } from "./methods/options.ts";

/** Everything that an engine can do with points, as plain data. */
export type PointsJob =
  | ({ readonly kind: "fit" } & KeptFit)
  | ({ readonly kind: "bootstrap" } & BootstrapPlan)
  | ({ readonly kind: "em" } & EmJobOptions)
  | ({ readonly kind: "start"; readonly attempts: number | null } & StartJobOptions)
  | { readonly kind: "order"; readonly order: Uint32Array; readonly nodes?: ArrayBufferLike }
  | {
      readonly kind: "evaluate";
      readonly mixture: Mixture;
      readonly quantities: readonly Quantity[];
      /** how many components `topComponents` has for each point */
      readonly top: number;
    }
  | { readonly kind: "standardErrors"; readonly mixture: Mixture }
  | { readonly kind: "merge"; readonly mixture: Mixture }
  | { readonly kind: "statistics"; readonly mixture: Mixture; readonly measure?: Measure }
  | { readonly kind: "clusters"; readonly mixture: Mixture; readonly clusterOf: Int32Array }
  | { readonly kind: "criterion"; readonly mixture: Mixture; readonly criterion: Criterion };

/** The one job that needs no points. */
export interface SampleJob {
  readonly kind: "sample";
  readonly mixture: Mixture;
  readonly count: number;
  readonly seed: Seed;
}

type Job = PointsJob | SampleJob;

interface EmJobOptions {
  readonly mixture: Mixture;
  readonly steps: number;
  readonly regularization: RegularizationOption;
  readonly verbose: boolean;
}

interface StartJobOptions {
  readonly components: number;
  readonly covarianceType: CovarianceType;
  readonly seed: Seed;
  readonly regularization: RegularizationOption;
}

/** The result of each kind of job. */
export interface JobResults {
  fit: PlainFitResult;
  bootstrap: Bootstrap;
  em: Mixture;
  start: Mixture;
  order: undefined;
  evaluate: EvaluatedArrays<Quantity>;
  standardErrors: StandardErrors;
  merge: Merging;
  statistics: SufficientStatistics;
  clusters: Int32Array;
  criterion: number;
  sample: Sample;
}

export type JobKind = Job["kind"];
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;
export type JobResult = JobResults[JobKind];

/** Does a job on points. Only here do the kinds of jobs meet the mathematics. */
export async function* perform(
  executor: Executor,
  job: PointsJob,
  surroundings: FitSurroundings,
  runAlone: RunAlone,
): AsyncGenerator<EmStep, JobResult> {
  switch (job.kind) {
    case "fit":
      return yield* fit(executor, job.options, { ...surroundings, runStart: runAlone });
    case "bootstrap":
      return yield* bootstrap(executor, job, runAlone);
    case "em":
      return yield* iterate(executor, job);
    case "start":
      return start(executor, job);
    case "order":
      await orderPoints(executor, job.order, yieldToEvents);
      if (job.nodes !== undefined) await findNodes(executor, job.nodes);
      return undefined;
    case "evaluate":
      return overRows(
        executor.tiles,
        await evaluate(executor, inUnitsOf(executor, job.mixture), job.quantities, job.top),
      );
    case "standardErrors":
      return standardErrors(executor, job.mixture);
    case "merge":
      return mergeByEntropy(executor, inUnitsOf(executor, job.mixture));
    case "statistics":
      return statistics(executor, job);
    case "clusters":
      return overAllRows(
        executor.tiles,
        await clusterLabels(executor, inUnitsOf(executor, job.mixture), job.clusterOf),
        1,
        -1,
      );
    case "criterion":
      return criterion(executor, job);
  }
}

/** Results for every row that was given, in the caller's order: a dropped row has −1 as components, and NaN elsewhere. */
function overRows(tiles: Tiles, evaluated: EvaluatedArrays<Quantity>): EvaluatedArrays<Quantity> {
  const all = Object.entries(evaluated).map(([quantity, values]) => {
    const filler = values instanceof Int32Array ? -1 : Number.NaN;
    return [quantity, overAllRows(tiles, values, values.length / tiles.count, filler)];
  });
  return Object.fromEntries(all);
}

export function draw({ mixture, count, seed }: SampleJob): Sample {
  return new GaussianMixture(mixture).sample(count, { seed });
}

async function* iterate(
  executor: Executor,
  { mixture, steps, regularization, verbose }: EmJobOptions,
): AsyncGenerator<EmStep, Mixture> {
  const rules = { ...(await plainRulesFor(executor, regularization)), maxIterations: steps };
  let current = inUnitsOf(executor, mixture);
  for await (const step of em(executor, startFrom(current), rules)) {
    const measures = verbose ? await measuresOf(executor, current, step.mixture) : {};
    current = step.mixture;
    yield { restart: 0, iteration: step.iteration, lowerBound: step.lowerBound, ...measures };
  }
  return inUnitsOfPoints(current, executor.tiles.exponents);
}

/** Q and the loss of a step, as OTT-JAX defines them: Q uses the responsibilities with which the step began. */
async function measuresOf(executor: Executor, before: Mixture, after: Mixture): Promise<{ q: number; loss: number }> {
  const { pointWeights } = executor.tiles;
  const { responsibilities } = await evaluate(executor, before, ["responsibilities"]);
  const { logJoint, logDensities } = await evaluate(executor, after, ["logJoint", "logDensities"]);
  return {
    q: expectedLogLikelihood(logJoint, responsibilities, after.components, pointWeights),
    loss: -weightedMean(logDensities, pointWeights),
  };
}

async function start(executor: Executor, { attempts, ...options }: JobOf<"start">): Promise<Mixture> {
  const rules = await plainRulesFor(executor, options.regularization);
  return inUnitsOfPoints(await makeStart(executor, { ...options, rules }, attempts), executor.tiles.exponents);
}

async function makeStart(executor: Executor, plain: PlainStart, attempts: number | null): Promise<Mixture> {
  if (attempts === null) return fromKmeansPlusPlus(executor, plain);
  const { counted } = await summarize(executor);
  return initialize(executor, plain, attempts, counted);
}

/** Those of points that are stored in other units do not add up. @throws OVERFLOW */
async function statistics(
  executor: Executor,
  { mixture, measure }: JobOf<"statistics">,
): Promise<SufficientStatistics> {
  const { exponents } = executor.tiles;
  if (exponents !== null) throw scaledStatistics(exponents.findIndex((exponent) => exponent !== 0));
  return plainStatistics(executor, mixture, measure);
}

/** A mixture in the stored units of the executor's points. */
function inUnitsOf(executor: Executor, mixture: Mixture): Mixture {
  return inStoredUnits(mixture, executor.tiles.exponents);
}

async function criterion(executor: Executor, { mixture, criterion }: JobOf<"criterion">): Promise<number> {
  const described = await describe(executor, inUnitsOf(executor, mixture), criterion);
  return criterionOf(criterion, mixture, executor.tiles, described);
}
