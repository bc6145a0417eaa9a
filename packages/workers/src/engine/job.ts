import {
  absoluteRegularization,
  type CovarianceType,
  type Evaluated,
  type Executor,
  em,
  evaluate,
  type FitStep,
  type Fitted,
  fit,
  fromKmeansPlusPlus,
  initialize,
  type Mixture,
  overAllRows,
  type Quantity,
  type RegularizationOption,
  type ResolvedFitOptions,
  regularizationFor,
  type Seed,
  score,
  startFrom,
  summarize,
  type Tiles,
} from "@emix/core";

/** Everything an engine can be asked to do with points, as plain data. */
export type Job =
  | { readonly kind: "fit"; readonly options: ResolvedFitOptions }
  | {
      readonly kind: "em";
      readonly mixture: Mixture;
      readonly steps: number;
      readonly regularization: RegularizationOption;
    }
  | ({ readonly kind: "start"; readonly attempts: number | null } & StartOptions)
  | { readonly kind: "evaluate"; readonly mixture: Mixture; readonly quantities: readonly Quantity[] }
  | { readonly kind: "score"; readonly mixture: Mixture };

interface StartOptions {
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
  score: number;
}

export type JobKind = Job["kind"];
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;
export type JobResult = JobResults[JobKind];

/** Does a job: the only place where kinds of jobs meet the mathematics. */
export async function* perform(executor: Executor, job: Job): AsyncGenerator<FitStep, JobResult> {
  switch (job.kind) {
    case "fit":
      return yield* fit(executor, job.options);
    case "em":
      return yield* iterate(executor, job);
    case "start":
      return start(executor, job);
    case "evaluate":
      return ofAllRows(executor.tiles, await evaluate(executor, job.mixture, job.quantities));
    case "score":
      return score(executor, job.mixture);
  }
}

/** The rows that were dropped have label −1 and else NaN. */
function ofAllRows(tiles: Tiles, evaluated: Evaluated<Quantity>): Evaluated<Quantity> {
  const all = Object.entries(evaluated).map(([quantity, values]) => {
    const filler = quantity === "labels" ? -1 : Number.NaN;
    return [quantity, overAllRows(tiles, values, values.length / tiles.count, filler)];
  });
  return Object.fromEntries(all);
}

async function* iterate(
  executor: Executor,
  { mixture, steps, regularization }: JobOf<"em">,
): AsyncGenerator<FitStep, Mixture> {
  const rule = { tolerance: 0, maxIterations: steps };
  let last = mixture;
  for await (const step of em(executor, startFrom(mixture), rule, await resolved(executor, regularization))) {
    last = step.mixture;
    yield { restart: 0, iteration: step.iteration, lowerBound: step.lowerBound };
  }
  return last;
}

async function start(executor: Executor, { attempts, ...options }: JobOf<"start">): Promise<Mixture> {
  const regularization = await resolved(executor, options.regularization);
  if (attempts === null) return fromKmeansPlusPlus(executor, { ...options, regularization });
  const { counted } = await summarize(executor);
  return initialize(executor, { ...options, regularization }, attempts, counted);
}

/** A relative floor needs the data's variances; nothing else does. */
async function resolved(executor: Executor, regularization: RegularizationOption) {
  if (regularization === 0 || typeof regularization === "object") {
    return absoluteRegularization(regularization, executor.tiles.features, executor.tiles);
  }
  return regularizationFor({ regularization, granularity: 0 }, await summarize(executor));
}
