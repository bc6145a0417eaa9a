import {
  absoluteRegularization,
  type CovarianceType,
  type Criterion,
  criterionOf,
  type Evaluated,
  type Executor,
  em,
  evaluate,
  expectedLogLikelihood,
  type Fitted,
  fit,
  fromKmeansPlusPlus,
  GaussianMixture,
  initialize,
  type Mixture,
  overAllRows,
  type Quantity,
  quantitiesFor,
  type RegularizationOption,
  type ResolvedFitOptions,
  regularizationFor,
  type Sample,
  type Seed,
  startFrom,
  summarize,
  type Tiles,
  weightedMean,
} from "@emix/core";
import type { EmStep } from "./method-options.ts";

/** Everything an engine can be asked to do with points, as plain data. */
export type PointsJob =
  | { readonly kind: "fit"; readonly options: ResolvedFitOptions }
  | ({ readonly kind: "em" } & EmJobOptions)
  | ({ readonly kind: "start"; readonly attempts: number | null } & StartJobOptions)
  | { readonly kind: "evaluate"; readonly mixture: Mixture; readonly quantities: readonly Quantity[] }
  | { readonly kind: "criterion"; readonly mixture: Mixture; readonly criterion: Criterion };

/** The one thing it can be asked to do without points. */
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

/** What each kind of job gives. */
export interface JobResults {
  fit: Fitted;
  em: Mixture;
  start: Mixture;
  evaluate: Evaluated<Quantity>;
  criterion: number;
  sample: Sample;
}

export type JobKind = Job["kind"];
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;
export type JobResult = JobResults[JobKind];

/** Does a job on points: the only place where kinds of jobs meet the mathematics. */
export async function* perform(executor: Executor, job: PointsJob): AsyncGenerator<EmStep, JobResult> {
  switch (job.kind) {
    case "fit":
      return yield* fit(executor, job.options);
    case "em":
      return yield* iterate(executor, job);
    case "start":
      return start(executor, job);
    case "evaluate":
      return overRows(executor.tiles, await evaluate(executor, job.mixture, job.quantities));
    case "criterion":
      return criterion(executor, job);
  }
}

/** An entry for every row that was given: a dropped row has label −1, and NaN elsewhere. */
function overRows(tiles: Tiles, evaluated: Evaluated<Quantity>): Evaluated<Quantity> {
  const all = Object.entries(evaluated).map(([quantity, values]) => {
    const filler = quantity === "labels" ? -1 : Number.NaN;
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
  const rule = { tolerance: 0, maxIterations: steps };
  let current = mixture;
  for await (const step of em(executor, startFrom(mixture), rule, await resolved(executor, regularization))) {
    const measures = verbose ? await measuresOf(executor, current, step.mixture) : {};
    current = step.mixture;
    yield { restart: 0, iteration: step.iteration, lowerBound: step.lowerBound, ...measures };
  }
  return current;
}

/** Q and the loss of a step, as OTT-JAX measures them: Q by the probabilities that the step began with. */
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
  const regularization = await resolved(executor, options.regularization);
  if (attempts === null) return fromKmeansPlusPlus(executor, { ...options, regularization });
  const { counted } = await summarize(executor);
  return initialize(executor, { ...options, regularization }, attempts, counted);
}

async function criterion(executor: Executor, { mixture, criterion }: JobOf<"criterion">): Promise<number> {
  const evaluated = await evaluate(executor, mixture, quantitiesFor(criterion));
  return criterionOf(criterion, mixture, executor.tiles, evaluated);
}

/** A relative floor needs the data's variances; nothing else does. */
async function resolved(executor: Executor, regularization: RegularizationOption) {
  if (regularization === 0 || typeof regularization === "object") {
    return absoluteRegularization(regularization, executor.tiles.features, executor.tiles);
  }
  return regularizationFor({ regularization, granularity: 0 }, await summarize(executor));
}
