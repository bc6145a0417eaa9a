import { type FitOptions, type FitStep, type GaussianMixture, resolveFitOptions } from "@emix/core";
import type { EngineFitOptions, FitResult, LoadedPoints } from "@emix/workers";
import { Command, Option } from "commander";
import type { Engine } from "../engine.ts";
import { fitOptionsOf, withFitFlags } from "./flags.ts";
import { type InputOptions, readInput, withInputOptions } from "./input.ts";
import { type Model, modelOf, readModel, writeModel } from "./model.ts";
import { readInputOf } from "./model-input.ts";
import { progressBar } from "./progress.ts";
import { report } from "./report.ts";
import { withEngine } from "./with-engine.ts";

/** Flags of `emix fit` that are not options of a fit; flags.ts has the others. */
interface FitFlags extends InputOptions {
  readonly from?: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function fitCommand(): Command {
  return withFitFlags(withInputOptions(new Command("fit")))
    .description("Fits a mixture to the points of a file.")
    .argument("<file>", "the file of points")
    .addOption(
      new Option(
        "--from <model>",
        "start from the mixture of this model, with its columns, components and covariance type",
      ).conflicts("init"),
    )
    .option("-o, --output <file>", "write the model as JSON; - for standard output")
    .option("--json", "print the model as JSON instead of a table")
    .option("-q, --quiet", "no progress on standard error")
    .action(runFit);
}

async function runFit(path: string, flags: FitFlags, command: Command): Promise<void> {
  const model = flags.from === undefined ? undefined : await readModel(flags.from);
  const options = optionsOf(flags, model?.mixture, command);
  resolveFitOptions(options); // throws before a long file is read
  await withEngine(flags, (engine, signal) => fitFile(engine, path, flags, { model, options: { ...options, signal } }));
}

interface FitPlan {
  /** the model to start from */
  readonly model: Model | undefined;
  readonly options: EngineFitOptions;
}

async function fitFile(engine: Engine, path: string, flags: FitFlags, { model, options }: FitPlan): Promise<void> {
  const began = performance.now();
  const input = await (model ? readInputOf(model, engine, path, flags) : readInput(engine, path, flags));
  const loaded = performance.now();
  const { result, busyCores, stepMilliseconds } = await timedFit(engine, input.points, options, flags.quiet ?? false);
  const seconds = { load: (loaded - began) / 1000, fit: (performance.now() - loaded) / 1000 };
  const next = modelOf(input, result);
  if (flags.output !== undefined) await writeModel(flags.output, next);
  if (flags.json) await writeModel("-", next);
  else if (flags.output !== "-") process.stdout.write(report({ input, result, seconds, busyCores, stepMilliseconds }));
}

/** in: start, the mixture to start from. Ends the command if nothing says how many components there are. */
function optionsOf(flags: FitFlags, start: GaussianMixture | undefined, command: Command): FitOptions {
  const { components = start?.components, ...given } = fitOptionsOf(flags);
  if (components === undefined) {
    command.error("error: expected the number of components (-k), or a model to start from (--from)");
  }
  return { ...given, components, ...(start && { initialization: start }) };
}

/** A fit, with what it cost. */
interface TimedFit {
  readonly result: FitResult;
  /** processor time over wall time */
  readonly busyCores: number;
  /** wall time of an EM step of one start */
  readonly stepMilliseconds: number;
}

async function timedFit(
  engine: Engine,
  points: LoadedPoints,
  { signal, ...options }: EngineFitOptions,
  quiet: boolean,
): Promise<TimedFit> {
  const progress = progressBar(resolveFitOptions(options), quiet);
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
    const result = await engine.fit(points, { ...options, ...(signal && { signal }), onStep });
    const { user, system } = process.cpuUsage(cpu);
    const busyCores = (user + system) / 1000 / (performance.now() - began);
    return { result, busyCores, stepMilliseconds: steps > 1 ? (last - first) / (steps - 1) : last - began };
  } finally {
    progress.end();
  }
}
