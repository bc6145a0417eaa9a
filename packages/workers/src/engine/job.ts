import {
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
  inStoredUnits,
  inUnitsOfPoints,
  type Mixture,
  overAllRows,
  type PlainStart,
  plainRulesFor,
  type Quantity,
  type RegularizationOption,
  type ResolvedFitOptions,
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
      return ofAllRows(executor.tiles, await evaluate(executor, stored(executor, job.mixture), job.quantities));
    case "score":
      return score(executor, stored(executor, job.mixture));
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
  const rules = { ...(await plainRulesFor(executor, regularization)), maxIterations: steps };
  let last = stored(executor, mixture);
  for await (const step of em(executor, startFrom(last), rules)) {
    last = step.mixture;
    yield { restart: 0, iteration: step.iteration, lowerBound: step.lowerBound };
  }
  return inUnitsOfPoints(last, executor.tiles.exponents);
}

async function start(executor: Executor, { attempts, ...options }: JobOf<"start">): Promise<Mixture> {
  const rules = await plainRulesFor(executor, options.regularization);
  return inUnitsOfPoints(await started(executor, { ...options, rules }, attempts), executor.tiles.exponents);
}

async function started(executor: Executor, plain: PlainStart, attempts: number | null): Promise<Mixture> {
  if (attempts === null) return fromKmeansPlusPlus(executor, plain);
  const { counted } = await summarize(executor);
  return initialize(executor, plain, attempts, counted);
}

/** Mixtures are converted at the door of the mathematics, once in and once out. */
function stored(executor: Executor, mixture: Mixture): Mixture {
  return inStoredUnits(mixture, executor.tiles.exponents);
}
