import type {
  Arithmetic,
  CovarianceType,
  EmptyComponentPolicy,
  FitOptions,
  FitStep,
  Inference,
  InitializationName,
  PriorOptions,
} from "@emix/core";
import type { FitResult, LoadedPoints } from "@emix/workers";
import { Command, Option } from "commander";
import type { Engine } from "../engine.ts";
import { type InputOptions, notNegative, positiveInteger, readInput, withInputOptions } from "./input.ts";
import { modelOf, writeModel } from "./model.ts";
import { progressBar } from "./progress.ts";
import { report } from "./report.ts";
import { withEngine } from "./with-engine.ts";

interface FitFlags extends InputOptions {
  readonly components: number;
  readonly covarianceType: CovarianceType;
  readonly tolerance?: number;
  readonly maxIterations: number;
  readonly restarts: number;
  readonly restartIterations?: number;
  readonly regularization: number;
  readonly ridge?: number;
  readonly granularity?: readonly number[] | "auto";
  readonly emptyComponent?: EmptyComponentPolicy;
  readonly inference: Inference;
  readonly weightConcentration?: number;
  readonly meanPrecision?: number;
  readonly degreesOfFreedom?: number;
  readonly init: InitializationName;
  readonly compute: Arithmetic;
  readonly seed: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function fitCommand(): Command {
  const types = ["full", "tied", "diag", "spherical"];
  return withInputOptions(new Command("fit"))
    .description("Fits a mixture to the points of a file.")
    .argument("<file>", "the file of points")
    .requiredOption("-k, --components <count>", "components of the mixture", positiveInteger)
    .addOption(new Option("--covariance-type <type>", "shape of the covariances").choices(types).default("full"))
    .option(
      "--tolerance <change>",
      "stop when the log-likelihood a point changes by less (default: 1e-6; variational: the lower bound, 1e-3)",
      notNegative,
    )
    .option("--max-iterations <count>", "stop after so many iterations", positiveInteger, 200)
    .option("--restarts <count>", "independent starts, of which the best is kept", positiveInteger, 1)
    .option("--restart-iterations <count>", "iterations of each start before only the best goes on", positiveInteger)
    .option("--regularization <ratio>", "least variance, relative to the data's", notNegative, 1e-12)
    .option("--ridge <variance>", "a variance added to every diagonal, instead of a least one", notNegative)
    .option(
      "--granularity <steps>",
      "step that each feature was rounded to: one, a comma-separated list, or auto",
      granularity,
    )
    .addOption(
      new Option(
        "--empty-component <policy>",
        "what becomes of a component that loses all its points (default: reseed)",
      ).choices(["reseed", "drop", "keep", "error"]),
    )
    .addOption(
      new Option("--inference <method>", "variational: as many of the components as the points call for")
        .choices(["em", "variational"])
        .default("em"),
    )
    .option("--weight-concentration <points>", "prior: points that the weight of a component is worth", notNegative)
    .option("--mean-precision <points>", "prior: points that the prior mean is worth", notNegative)
    .option("--degrees-of-freedom <points>", "prior: points that the prior covariance is worth", notNegative)
    .addOption(
      new Option("--init <method>", "how starts are made").choices(["k-means++", "random"]).default("k-means++"),
    )
    .addOption(
      new Option("--compute <type>", "arithmetic over the points; f32 wants --f32")
        .choices(["f64", "f32"])
        .default("f64"),
    )
    .option("--seed <seed>", "same seed, same result", "0")
    .option("-o, --output <file>", "write the model as JSON; - for standard output")
    .option("--json", "print the model as JSON instead of a table")
    .option("-q, --quiet", "no progress on standard error")
    .action(runFit);
}

function granularity(text: string): number[] | "auto" {
  return text === "auto" ? text : numbers(text);
}

function numbers(text: string): number[] {
  return text.split(",").map(notNegative);
}

function runFit(path: string, flags: FitFlags): Promise<void> {
  return withEngine(flags, (engine, signal) => fitFile(engine, path, flags, signal));
}

async function fitFile(engine: Engine, path: string, flags: FitFlags, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  const input = await readInput(engine, path, flags);
  const loaded = performance.now();
  const { result, busyCores, stepMilliseconds } = await fitted(engine, input.points, flags, signal);
  const seconds = { load: (loaded - began) / 1000, fit: (performance.now() - loaded) / 1000 };
  const model = modelOf(input, result);
  if (flags.output !== undefined) await writeModel(flags.output, model);
  if (flags.json) await writeModel("-", model);
  else if (flags.output !== "-") process.stdout.write(report({ input, result, seconds, busyCores, stepMilliseconds }));
}

/** A fit with what it cost. */
interface TimedFit {
  readonly result: FitResult;
  /** processor time over wall time */
  readonly busyCores: number;
  /** wall time of an EM step of one start */
  readonly stepMilliseconds: number;
}

async function fitted(engine: Engine, points: LoadedPoints, flags: FitFlags, signal: AbortSignal): Promise<TimedFit> {
  const options = optionsOf(flags);
  const progress = progressBar(options, flags.quiet ?? false);
  const cpu = process.cpuUsage();
  const began = performance.now();
  let first = 0;
  let last = 0;
  let steps = 0;
  const onStep = (step: FitStep) => {
    last = performance.now();
    if (steps++ === 0) first = last;
    progress.step(step);
  };
  try {
    const result = await engine.fit(points, { ...options, signal, onStep });
    const { user, system } = process.cpuUsage(cpu);
    const busyCores = (user + system) / 1000 / (performance.now() - began);
    return { result, busyCores, stepMilliseconds: steps > 1 ? (last - first) / (steps - 1) : last - began };
  } finally {
    progress.end();
  }
}

/** Undefined where no flag speaks of one. */
function priorOf({ weightConcentration, meanPrecision, degreesOfFreedom }: FitFlags): PriorOptions | undefined {
  const given = Object.entries({ weightConcentration, meanPrecision, degreesOfFreedom });
  const prior = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  return Object.keys(prior).length === 0 ? undefined : prior;
}

function optionsOf(flags: FitFlags): FitOptions & { maxIterations: number; restarts: number } {
  const { components, covarianceType, maxIterations, restarts, init, inference, compute, seed } = flags;
  const prior = priorOf(flags);
  return {
    components,
    covarianceType,
    maxIterations,
    restarts,
    initialization: init,
    inference,
    compute,
    seed: Number.isFinite(Number(seed)) ? Number(seed) : seed,
    regularization: flags.ridge === undefined ? flags.regularization : { absolute: flags.ridge },
    ...(flags.tolerance !== undefined && { tolerance: flags.tolerance }),
    ...(flags.emptyComponent && { emptyComponent: flags.emptyComponent }),
    ...(prior && { prior }),
    ...(flags.restartIterations !== undefined && { restartIterations: flags.restartIterations }),
    ...(flags.granularity && {
      granularity:
        flags.granularity !== "auto" && flags.granularity.length === 1 ? flags.granularity[0] : flags.granularity,
    }),
  };
}
