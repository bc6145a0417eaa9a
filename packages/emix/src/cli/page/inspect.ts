import { Command } from "commander";
import { nameOf } from "../input.ts";
import { type OpenModel, readModel } from "../model.ts";
import { reportDataOf } from "./report-data.ts";
import { shownMixture, shownNames } from "./shown-units.ts";

interface InspectFlags {
  readonly json?: boolean;
}

export function inspectCommand(): Command {
  return new Command("inspect")
    .description("Says what a model is: its groups, its columns, and how it came about.")
    .argument("<model>", "a model as `emix fit --output` writes it, JSON or .npz")
    .option("--json", "print a JSON object")
    .action(runInspect);
}

async function runInspect(path: string, { json = false }: InspectFlags): Promise<void> {
  const model = await readModel(path);
  process.stdout.write(json ? `${JSON.stringify(facts(model))}\n` : await summary(model));
}

const WIDTH = 100;

async function summary(model: OpenModel): Promise<string> {
  const { summaryText } = await import("@emix/report");
  const report = reportDataOf({ model, data: null });
  const lines = [...report.reading, ...Object.entries(report.provenance).map(([name, value]) => `${name}: ${value}`)];
  return `${summaryText(report, { width: process.stdout.columns || WIDTH })}\n${lines.join("\n")}\n`;
}

/** Means and covariances are in the units of the columns; of a column whose logarithm was fitted, of the logarithm. */
function facts(model: OpenModel): object {
  const { mixture, columns, transforms, outliers, fit = {}, path } = model;
  const { components, features, covarianceType, parameterCount } = mixture;
  const names = (columns ?? Array.from({ length: features }, (_, j) => `x${j}`)).map(nameOf);
  const { weights, means, covariances } = shownMixture(mixture, transforms);
  const square = features * features;
  return {
    ...{ path, components, features, covarianceType, parameterCount },
    columns: columns ?? null,
    transforms: transforms ?? null,
    groups: Array.from({ length: components }, (_, c) => ({
      weight: weights[c],
      mean: valuesByName(shownNames(names, transforms), means.subarray(c * features, (c + 1) * features)),
      standardDeviation: valuesByName(
        shownNames(names, transforms),
        Float64Array.from({ length: features }, (_, j) => Math.sqrt(covariances[c * square + j * (features + 1)])),
      ),
      covariance: [...covariances.subarray(c * square, (c + 1) * square)],
    })),
    outliers: outliers !== undefined,
    variational: mixture.posterior !== undefined,
    fit,
  };
}

function valuesByName(names: readonly string[], values: ArrayLike<number>): Record<string, number> {
  return Object.fromEntries(names.map((name, j) => [name, values[j]]));
}
