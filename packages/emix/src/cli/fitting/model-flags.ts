import type { FitOptions, GaussianMixture } from "@emix/core";
import type { JsonObject } from "@emix/io";
import { type Command, Option } from "commander";
import { type ClusterFlags, withClusterFlags } from "../cluster/cluster-flags.ts";
import { collect, fitOptionsOf } from "../flags.ts";
import { type InputOptions, withInputOptions } from "../input.ts";
import { fileOptionsOf } from "../input-flags.ts";
import { type ProgressStyle, progressOption } from "../progress/progress.ts";
import { type QuietFlag, withQuietFlag } from "../reading.ts";
import { type TransformFlags, withTransformFlags } from "../transforms.ts";

/** Flags of the commands that make a model and are no options of a fit; flags.ts knows those. */
export interface ModelFlags extends InputOptions, TransformFlags, QuietFlag, ClusterFlags {
  readonly output?: readonly string[];
  readonly order?: string;
  readonly matchTo?: string;
  readonly json?: boolean;
  readonly progress?: ProgressStyle;
}

export function withModelFlags(command: Command): Command {
  const onMachines = withClusterFlags(command, ["standardize", "storage", "dryRun", "labelColumn"]);
  return withQuietFlag(withTransformFlags(withInputOptions(onMachines)))
    .option(
      "-o, --output <file>",
      "file for the model, in the format of its ending: .json, .npz, .onnx; repeat for more; - prints JSON",
      collect,
    )
    .option(
      "--order <by>",
      "number components by weight, the heaviest first, or by their means of a column (default: weight)",
    )
    .option("--match-to <model>", "give each component the number of the most similar component of this model")
    .addOption(
      new Option(
        "--storage <where>",
        "where to keep the points: in memory, in an unnamed file, or (auto) in a file if memory does not suffice (default: memory)",
      ).choices(["memory", "file", "auto"]),
    )
    .option("--json", "print the model as JSON instead of a table")
    .addOption(progressOption());
}

/** Where the model goes, standard output once. */
export function outputsOf({ output = [], json = false }: ModelFlags): string[] {
  return json && !output.includes("-") ? [...output, "-"] : [...output];
}

/** The options that were given, by their names in the library, as far as a model does not hold them elsewhere. */
export function givenOptions(
  flags: ModelFlags & { readonly from?: string; readonly labelColumn?: string },
): JsonObject {
  const { standardize, log, order, matchTo, from, labelColumn } = flags;
  const { columns: _, ...ofFile } = fileOptionsOf(flags);
  const { initialization, ...ofFit } = fitOptionsOf(flags);
  const given = { ...ofFit, initialization, ...ofFile, standardize, log, order, matchTo, from, labelColumn };
  return JSON.parse(JSON.stringify(given)) as JsonObject;
}

/** in: start, the mixture to start from; undefined where nothing says how many components there are */
export function optionsOf(flags: object, start: GaussianMixture | undefined): FitOptions | undefined {
  const { components = start?.components, ...given } = fitOptionsOf(flags);
  return components === undefined ? undefined : { ...given, components, ...(start && { initialization: start }) };
}

const WIDTH = 100;

/** Letters to a line of what is printed. */
export function widthOfTerminal(): number {
  return process.stdout.columns || WIDTH;
}
