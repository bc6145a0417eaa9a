import { COVARIANCE_TYPES, type CovarianceType, type FitOptions, resolveFitOptions } from "@emix/core";
import type { JsonObject, ReadStep } from "@emix/io";
import { Command, InvalidArgumentError, Option } from "commander";
import { describePoints } from "../../description.ts";
import type { Engine } from "../../engine.ts";
import { SELECTION_CRITERIA, type SelectionCriterion, type SelectionRow } from "../../selection/models.ts";
import { fitOptionsOf, withFitFlags } from "../flags.ts";
import { readModel } from "../model.ts";
import { type ModelOutput, openModelOutputs, writeModels } from "../outputs/model-outputs.ts";
import { openProgress } from "../progress/progress.ts";
import { report } from "../table/report.ts";
import { selectionTable } from "../table/selection.ts";
import { withEngine } from "../with-engine.ts";
import { describeResult } from "./described.ts";
import { givenOptions, type ModelFlags, outputsOf, widthOfTerminal, withModelFlags } from "./model-flags.ts";
import type { Numbering } from "./order.ts";
import { preparePoints } from "./preparation.ts";
import { modelOf } from "./provenance.ts";

interface SelectFlags extends ModelFlags {
  readonly components: readonly number[];
  readonly covarianceType: readonly CovarianceType[];
  readonly criterion: SelectionCriterion;
  readonly patience: number;
}

export function selectCommand(): Command {
  const command = withModelFlags(new Command("select"))
    .description("Fits mixtures of several sizes and shapes to the points of a file and keeps the best by a criterion.")
    .argument("<file>", "the file of points")
    .addOption(
      new Option("-k, --components <list>", "numbers of components to try: 1..8, or 1,2,4")
        .argParser(countsIn)
        .default(countsIn("1..8"), "1..8"),
    )
    .addOption(
      new Option("--covariance-type <list>", `covariance types to try, between commas (${COVARIANCE_TYPES.join(", ")})`)
        .argParser(typesIn)
        .default(COVARIANCE_TYPES, "all"),
    )
    .addOption(
      new Option("--criterion <name>", "what the best is the best by").choices(SELECTION_CRITERIA).default("bic"),
    )
    .addOption(
      new Option("--patience <count>", "sizes in a row that may be worse than the best before larger ones are skipped")
        .argParser(patienceIn)
        .default(3),
    );
  return withFitFlags(command, ["components", "covarianceType", "initialization"]).action(runSelect);
}

/** Numbers and ranges between commas: 1,2,4..8 */
function countsIn(text: string): number[] {
  const counts = text.split(",").flatMap((part) => {
    const [, first, last = first] = /^\s*(\d+)(?:\.\.(\d+))?\s*$/.exec(part) ?? [];
    if (first === undefined || Number(first) < 1 || Number(last) < Number(first)) {
      throw new InvalidArgumentError("Expected numbers of components, as 1..8 or 1,2,4.");
    }
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
  });
  return [...new Set(counts)].sort((a, b) => a - b);
}

function patienceIn(text: string): number {
  const count = text === "all" ? Number.POSITIVE_INFINITY : Number(text);
  if (count >= 1 && (Number.isInteger(count) || text === "all")) return count;
  throw new InvalidArgumentError("Expected a whole number from 1 on, or all to skip none.");
}

function typesIn(text: string): CovarianceType[] {
  const names = text.split(",").map((name) => name.trim());
  const types = COVARIANCE_TYPES.filter((type) => names.includes(type));
  if (types.length < new Set(names).size)
    throw new InvalidArgumentError(`Expected some of ${COVARIANCE_TYPES.join(", ")}.`);
  return types;
}

async function runSelect(path: string, flags: SelectFlags): Promise<void> {
  const matchTo = flags.matchTo === undefined ? undefined : await readModel(flags.matchTo);
  const { components: _, covarianceType: __, ...options } = fitOptionsOf(flags);
  for (const components of flags.components) resolveFitOptions({ ...options, components });
  const outputs = await openModelOutputs(outputsOf(flags), [path]);
  const numbering = { order: flags.order, matchTo, started: false };
  await withEngine(flags, (engine, signal) => selectFrom(engine, { path, flags, options, numbering, outputs, signal }));
}

interface SelectPlan {
  readonly path: string;
  readonly flags: SelectFlags;
  readonly options: Partial<FitOptions>;
  readonly numbering: Numbering;
  readonly outputs: readonly ModelOutput[];
  readonly signal: AbortSignal;
}

async function selectFrom(engine: Engine, plan: SelectPlan): Promise<void> {
  const { path, flags, numbering, outputs, signal } = plan;
  const { criterion, patience } = flags;
  const progress = openProgress(flags);
  try {
    const began = performance.now();
    progress.stage("reading", path);
    const watching = { signal, onProgress: ({ fraction }: ReadStep) => progress.reach(fraction) };
    const prepared = await preparePoints(engine, path, { ...flags, ...watching }, { numbering });
    const loaded = performance.now();
    const { best, fit, table } = await engine.select(prepared.points, {
      ...plan.options,
      signal,
      criterion,
      patience,
      components: flags.components,
      covarianceTypes: flags.covarianceType,
      onStep: (step) => progress.step(step),
      onModel: (choice, index, count) => {
        const model = `model ${index + 1}/${count} (${choice.components} ${choice.covarianceType})`;
        progress.plan(resolveFitOptions({ ...plan.options, ...choice }), prepared.points.count, model);
        progress.stage("starts", "");
      },
    });
    const seconds = { read: (loaded - began) / 1000, fit: (performance.now() - loaded) / 1000 };
    progress.stage("scoring", path);
    const described = await describeResult(prepared, { result: fit, numbering }, (mixture) =>
      describePoints(engine, prepared.points, mixture, { signal }),
    );
    progress.end();
    const rows = table.map((row) => inOwnUnits(row, described.volume, described.total));
    const options = { ...givenOptions(flags), components: best.components, covarianceType: best.covarianceType };
    const making = { options, seconds: seconds.fit, selection: rows as unknown as JsonObject[] };
    await writeModels(outputs, modelOf(prepared, described.fitted, making));
    if (outputs.some(({ path: output }) => output === "-")) return;
    const tables = selectionTable(rows, rows[table.indexOf(best)], criterion);
    const words = report({ prepared, ...described, cost: { seconds }, width: widthOfTerminal() });
    process.stdout.write(`${tables}\n\n${words}`);
  } finally {
    progress.end();
  }
}

/** Criteria of transformed points → those of the columns themselves. in: volume, what a mean log density differs by; total weight */
function inOwnUnits(row: SelectionRow, volume: number, total: number): SelectionRow {
  if (volume === 0) return row;
  const less = (value: number | null) => (value === null ? null : value - 2 * total * volume);
  const more = (value: number | null) => (value === null ? null : value + volume);
  const { bic, aic, icl, heldOut, lowerBound } = row;
  const criteria = { bic: less(bic), aic: less(aic), icl: less(icl), heldOut: more(heldOut) };
  return { ...row, ...criteria, lowerBound: more(lowerBound) };
}
