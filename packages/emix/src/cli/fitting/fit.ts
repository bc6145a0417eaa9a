import type { ReadStep } from "@emix/io";
import { Command, Option } from "commander";
import { describePoints } from "../../description.ts";
import type { Engine } from "../../engine.ts";
import { fitOnCluster } from "../cluster/fit.ts";
import { fitFlagNames, withFitFlags } from "../flags.ts";
import { type OpenModel, readModel } from "../model.ts";
import { type ModelOutput, openModelOutputs, writeModels } from "../outputs/model-outputs.ts";
import { openOutputs } from "../outputs/output.ts";
import { openProgress } from "../progress/progress.ts";
import { report } from "../table/report.ts";
import { withEngine } from "../with-engine.ts";
import { type AskedFit, newFit, resumedFit } from "./asked-fit.ts";
import { describeResult } from "./described.ts";
import { type KnownLabels, readLabels } from "./known-labels.ts";
import { givenOptions, type ModelFlags, optionsOf, outputsOf, widthOfTerminal, withModelFlags } from "./model-flags.ts";
import type { Numbering } from "./order.ts";
import { printPlan } from "./plan.ts";
import { preparePoints } from "./preparation.ts";
import { modelOf } from "./provenance.ts";
import { timedFit } from "./timed-fit.ts";

interface FitFlags extends ModelFlags {
  readonly from?: string;
  readonly dryRun?: boolean;
  readonly labelColumn?: string;
  readonly checkpoint?: string;
  readonly resume?: string;
}

export function fitCommand(): Command {
  return withFitFlags(withModelFlags(new Command("fit")))
    .description("Fits a mixture to the points of a file.")
    .argument("<file>", "the file of points")
    .addOption(
      new Option(
        "--from <model>",
        "start from the mixture of this model, with its columns, components and covariance type",
      ).conflicts(["init", "standardize", "log"]),
    )
    .option("--label-column <name>", "column with the known components of some rows; an empty field means unknown")
    .option("--checkpoint <file>", "save the state of the fit to this file, every 10 steps and at Ctrl-C")
    .addOption(
      new Option("--resume <checkpoint>", "continue the fit of this checkpoint, with its options").conflicts([
        ...fitFlagNames(),
        ...["from", "dryRun", "checkpoint", "labelColumn"],
      ]),
    )
    .option("--dry-run", "print how much memory and time the fit would take, without fitting")
    .action(runFit);
}

async function runFit(path: string, flags: FitFlags, command: Command): Promise<void> {
  const from = flags.from === undefined ? undefined : await readModel(flags.from);
  const matchTo = flags.matchTo === undefined ? undefined : await readModel(flags.matchTo);
  const asked = await askedFit(flags, from, command); // throws before a long file is read
  // A model that was read may be written over: it is whole in memory, and the new one takes its place when it is whole.
  const outputs = await openModelOutputs(outputsOf(flags), [path]);
  if (flags.checkpoint !== undefined) await tryCheckpoint(path, { ...flags, checkpoint: flags.checkpoint });
  if (flags.dryRun) return printPlan(path, flags, asked.options, from);
  const numbering = { order: flags.order, matchTo, started: isStarted(asked, flags) };
  const { cluster } = flags;
  if (cluster !== undefined) {
    return fitOnCluster({ path, flags: { ...flags, cluster }, from, numbering, outputs, options: asked.options });
  }
  await withEngine(flags, (engine, signal) =>
    fitFile(engine, { path, flags, from, numbering, outputs, asked, signal }),
  );
}

/** A checkpoint is written long before the model, so it may take the place of nothing that is read or written. */
async function tryCheckpoint(path: string, flags: FitFlags & { readonly checkpoint: string }): Promise<void> {
  const models = [flags.from, flags.matchTo].filter((model) => model !== undefined);
  await openOutputs([flags.checkpoint], [path, ...models]);
  await openOutputs([...outputsOf(flags), flags.checkpoint], []);
}

async function askedFit(flags: FitFlags, from: OpenModel | undefined, command: Command): Promise<AskedFit> {
  if (flags.resume !== undefined) return resumedFit(flags.resume);
  const options = optionsOf(flags, from?.mixture);
  if (options === undefined) {
    command.error("error: expected the number of components (-k), or a model to start from (--from)");
  }
  const asked = newFit(options, flags.checkpoint);
  if (flags.labelColumn !== undefined) asked.withKnown([]); // throws before a long file is read
  return asked;
}

/** Has the caller decided which component is which? */
function isStarted({ options }: AskedFit, { labelColumn }: FitFlags): boolean {
  return typeof options.initialization === "object" || labelColumn !== undefined;
}

async function labelsFor(
  path: string,
  flags: FitFlags,
  components: number,
  from: OpenModel | undefined,
): Promise<KnownLabels | null> {
  if (flags.labelColumn === undefined) return null;
  return readLabels(path, flags, { column: flags.labelColumn, components, from });
}

interface FitPlan {
  readonly path: string;
  readonly flags: FitFlags;
  readonly asked: AskedFit;
  readonly signal: AbortSignal;
  /** the model to start from */
  readonly from: OpenModel | undefined;
  readonly numbering: Numbering;
  readonly outputs: readonly ModelOutput[];
}

async function fitFile(
  engine: Engine,
  { path, flags, asked, signal, from, numbering, outputs }: FitPlan,
): Promise<void> {
  const progress = openProgress(flags);
  try {
    const began = performance.now();
    progress.stage("reading", path);
    const watching = { signal, onProgress: ({ fraction }: ReadStep) => progress.reach(fraction) };
    const labels = await labelsFor(path, flags, asked.options.components, from);
    const { knownComponents, column } = labels ?? {};
    const ofFile = { ...flags, ...(column && { column }), ...watching };
    const prepared = await preparePoints(engine, path, ofFile, { from, numbering, outputs });
    const fit = knownComponents === undefined ? asked : asked.withKnown(knownComponents);
    const loaded = performance.now();
    const { result, busyCores, stepMilliseconds } = await timedFit(
      (onStep) => fit.begin(engine, prepared.points, { signal, onStep }),
      asked.options,
      prepared.points.count,
      progress,
    );
    const seconds = { read: (loaded - began) / 1000, fit: (performance.now() - loaded) / 1000 };
    progress.stage("scoring", path);
    const described = await describeResult(prepared, { result, numbering }, (mixture) =>
      describePoints(engine, prepared.points, mixture, { signal }),
    );
    progress.end();
    const { components, covarianceType, seed } = asked.options;
    const resumed = flags.resume === undefined ? {} : { components, covarianceType, seed, resume: flags.resume };
    const given = { ...givenOptions(flags), ...resumed };
    await writeModels(outputs, () => modelOf(prepared, described.fitted, { options: given, seconds: seconds.fit }));
    const cost = { seconds, speed: { busyCores, stepMilliseconds } };
    if (outputs.some(({ path: output }) => output === "-")) return;
    process.stdout.write(report({ prepared, ...described, cost, width: widthOfTerminal() }));
  } finally {
    progress.end();
  }
}
