import { type Bootstrap, type FitOptions, RESAMPLE_OPTIONS, type Seed } from "@emix/core";
import type { ReadStep } from "@emix/io";
import { Command } from "commander";
import type { Engine } from "../../engine.ts";
import { type InputOptions, nameOf, withInputOptions } from "../input.ts";
import { type OpenModel, readModel } from "../model.ts";
import { readInputOf } from "../model-input.ts";
import { fraction, positiveInteger, seedOf } from "../numbers.ts";
import { openProgress, type ProgressStyle, progressOption } from "../progress/progress.ts";
import { type QuietFlag, withQuietFlag } from "../reading.ts";
import { spreadTable } from "../table/spread.ts";
import { withEngine } from "../with-engine.ts";

interface BootstrapFlags extends InputOptions, QuietFlag {
  readonly resamples: number;
  readonly level: number;
  readonly seed: Seed;
  readonly json?: boolean;
  readonly progress?: ProgressStyle;
}

export function bootstrapCommand(): Command {
  return withQuietFlag(withInputOptions(new Command("bootstrap")))
    .description(
      "Says how sure the parameters of a model are: draws the rows of its file anew many times, fits each draw from the model " +
        "as it was fitted, and prints standard errors and intervals.",
    )
    .argument("<model>", "a model as `emix fit --output` writes it, JSON or .npz")
    .argument("<file>", "the file that it was fitted to, or its saved points")
    .option(
      "--resamples <count>",
      "how many times rows are drawn; intervals deserve 1000 (default: 200)",
      positiveInteger,
      200,
    )
    .option("--level <share>", "the share of the draws inside an interval (default: 0.95)", fraction, 0.95)
    .option("--seed <seed>", "the same seed draws the same rows", seedOf, 0)
    .option("--json", "print a JSON object, with covariances")
    .addOption(progressOption())
    .action(runBootstrap);
}

async function runBootstrap(modelPath: string, path: string, flags: BootstrapFlags): Promise<void> {
  const model = await readModel(modelPath);
  await withEngine(flags, (engine, signal) => bootstrapFile(engine, { model, path, flags, signal }));
}

interface Plan {
  readonly model: OpenModel;
  readonly path: string;
  readonly flags: BootstrapFlags;
  readonly signal: AbortSignal;
}

async function bootstrapFile(engine: Engine, { model, path, flags, signal }: Plan): Promise<void> {
  const { resamples, level, seed } = flags;
  const progress = openProgress(flags);
  try {
    progress.stage("reading", path);
    const onProgress = ({ fraction: read }: ReadStep) => progress.reach(read);
    const { points, columns } = await readInputOf(model, engine, path, { ...flags, signal, onProgress });
    progress.stage("resampling", `${resamples} resamples`);
    let done = 0;
    const spread = await engine.bootstrap(points, {
      ...optionsOf(model),
      ...{ mixture: model.mixture, resamples, level, seed, signal },
      onStep: () => progress.reach(++done / resamples),
    });
    progress.end();
    const names = columns.map(nameOf);
    const words = flags.json
      ? `${JSON.stringify(facts(model, names, spread, level))}\n`
      : spreadTable({ model, names, spread, level });
    process.stdout.write(words);
  } finally {
    progress.end();
  }
}

/** Those that the model was fitted with, as far as they say how a resample is fitted. */
function optionsOf({ fit }: OpenModel): Partial<FitOptions> {
  const names: ReadonlySet<string> = new Set(RESAMPLE_OPTIONS.filter((name) => name !== "seed"));
  return Object.fromEntries(Object.entries(fit?.options ?? {}).filter(([name]) => names.has(name)));
}

/** All numbers are those of the mixture, as the file of the model has them. */
function facts(
  { mixture, transforms }: OpenModel,
  columns: readonly string[],
  { weights, means, covariances, ...rest }: Bootstrap,
  level: number,
): object {
  const { components, features, covarianceType } = mixture;
  const of = (estimates: Float64Array, { standardErrors, lower, upper }: Bootstrap["weights"]) =>
    Object.fromEntries(
      Object.entries({ estimates, standardErrors, lower, upper }).map(([name, values]) => [name, [...values]]),
    );
  return {
    ...{ components, features, covarianceType, columns, transforms: transforms ?? null, level, ...rest },
    weights: of(mixture.weights, weights),
    means: of(mixture.means, means),
    covariances: of(mixture.covariances, covariances),
  };
}
