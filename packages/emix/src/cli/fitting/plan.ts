import {
  type FitOptions,
  type FitPlan,
  type PlanShape,
  planFit,
  type ResolvedFitOptions,
  resolveFitOptions,
  tooManyComponents,
} from "@emix/core";
import { openFile } from "@emix/io";
import { resolveEngineOptions, savedShape } from "@emix/workers";
import { Command } from "commander";
import { isSavedPoints } from "../../saved-points.ts";
import { withFitFlags } from "../flags.ts";
import { type InputOptions, withInputOptions } from "../input.ts";
import { fileOptionsOf } from "../input-flags.ts";
import type { OpenModel } from "../model.ts";
import { openPointsOf } from "../model-input.ts";
import { durationWords } from "../progress/words.ts";
import { countText } from "../table/cells.ts";
import { optionsOf } from "./model-flags.ts";

interface PlanFlags extends InputOptions {
  readonly json?: boolean;
}

export function planCommand(): Command {
  return withFitFlags(withInputOptions(new Command("plan")))
    .description("Says what memory and time a fit would take. Reads no more of the file than counting its rows takes.")
    .argument("<file>", "the file of points")
    .option("--json", "print a JSON object")
    .action(async (path: string, flags: PlanFlags, command: Command) => {
      const options = optionsOf(flags, undefined);
      if (options === undefined) command.error("error: expected the number of components (-k)");
      await printPlan(path, flags, resolveFitOptions(options));
    });
}

/** Prints what a fit would take, and fits nothing. in: from, the model that it would start from */
export async function printPlan(
  path: string,
  flags: PlanFlags,
  options: ResolvedFitOptions,
  from?: OpenModel,
): Promise<void> {
  const shape = await shapeOf(path, flags, from);
  if (options.components > shape.points) throw tooManyComponents(options.components, shape.points);
  const { threads } = resolveEngineOptions(flags.threads === undefined ? {} : { threads: flags.threads });
  const plan = planFit(shape, options, threads);
  const text = flags.json ? JSON.stringify({ ...shape, threads, ...plan }) : planWords(shape, options, threads, plan);
  process.stdout.write(`${text}\n`);
}

async function shapeOf(path: string, flags: InputOptions, from: OpenModel | undefined): Promise<PlanShape> {
  if (isSavedPoints(path)) return savedShape(path);
  const { missing = "error", ...options } = fileOptionsOf(flags);
  const file = await (from === undefined ? openFile(path, options) : openPointsOf(from, path, flags));
  try {
    const { rows, complete } = await file.count(missing);
    const { features, dtype, weighted } = file;
    return { points: missing === "drop" ? (complete ?? rows) : rows, features, dtype, weighted };
  } finally {
    await file.close();
  }
}

function planWords(
  { points, features, dtype }: PlanShape,
  { components, covarianceType, restarts }: Pick<FitOptions, "components" | "covarianceType" | "restarts">,
  threads: number,
  { bytes, steps, secondsPerStep }: FitPlan,
): string {
  return [
    `${countText(points)} points, ${features} features as ${dtype}, ${components} ${covarianceType} components, ${restarts} ${restarts === 1 ? "start" : "starts"}`,
    `memory, about: ${megabytes(bytes.points)} points, ${megabytes(bytes.slots)} sums, ${megabytes(bytes.lists)} lists, ${megabytes(bytes.starts)} starts, ` +
      `${megabytes(bytes.threads)} ${threads} threads; ${megabytes(bytes.peak)} in all, beside 100 MB of Node`,
    `time: about ${secondsPerStep.toPrecision(2)} s a step, ${steps} steps at most: ${durationWords(steps * secondsPerStep)} ` +
      `(an estimate from the sizes alone, right to a factor of three${bytes.lists > 0 ? "; far less where components lie apart" : ""})`,
  ].join("\n");
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value < 10 ? value.toFixed(1) : countText(Math.round(value))} MB`;
}
