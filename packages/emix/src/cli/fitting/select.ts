import type { ClusterPoints } from "@emix/cluster";
import {
  COVARIANCE_TYPES,
  type CovarianceType,
  type FitOptions,
  type GaussianMixture,
  resolveFitOptions,
} from "@emix/core";
import type { JsonObject, ReadStep } from "@emix/io";
import type { LoadedPoints } from "@emix/workers";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Cluster, ClusterSelectOptions } from "../../cluster/cluster.ts";
import { type Description, describePoints } from "../../description.ts";
import type { Engine } from "../../engine.ts";
import { SELECTION_CRITERIA, type SelectionCriterion, type SelectionRow } from "../../selection/models.ts";
import type { Selection } from "../../selection/search.ts";
import type { SelectOptions } from "../../selection/selection.ts";
import { describeOn, prepareOn, withCluster } from "../cluster/with-cluster.ts";
import { fitOptionsOf, withFitFlags } from "../flags.ts";
import { readModel } from "../model.ts";
import { type ModelOutput, openModelOutputs, writeModels } from "../outputs/model-outputs.ts";
import { openProgress, type Progress } from "../progress/progress.ts";
import { report } from "../table/report.ts";
import { selectionTable } from "../table/selection.ts";
import { withEngine } from "../with-engine.ts";
import { describeResult } from "./described.ts";
import { givenOptions, type ModelFlags, outputsOf, widthOfTerminal, withModelFlags } from "./model-flags.ts";
import type { Numbering } from "./order.ts";
import { preparePoints } from "./preparation.ts";
import { modelOf, type PreparedPoints, type SeenPoints } from "./provenance.ts";

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
      new Option("-k, --components <list>", "numbers of components to try, such as 1..8 or 1,2,4")
        .argParser(countsIn)
        .default(countsIn("1..8"), "1..8"),
    )
    .addOption(
      new Option(
        "--covariance-type <list>",
        `covariance types to try, separated by commas (${COVARIANCE_TYPES.join(", ")})`,
      )
        .argParser(typesIn)
        .default(COVARIANCE_TYPES, "all"),
    )
    .addOption(new Option("--criterion <name>", "how models are compared").choices(SELECTION_CRITERIA).default("bic"))
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

async function runSelect(path: string, flags: SelectFlags, command: Command): Promise<void> {
  if (flags.cluster !== undefined && flags.criterion === "held-out") {
    command.error(
      "error: --criterion held-out does not go with --cluster, which holds out no points; take bic, aic or icl",
    );
  }
  const matchTo = flags.matchTo === undefined ? undefined : await readModel(flags.matchTo);
  const { components: _, covarianceType: __, ...options } = fitOptionsOf(flags);
  for (const components of flags.components) resolveFitOptions({ ...options, components });
  const outputs = await openModelOutputs(outputsOf(flags), [path]);
  const numbering = { order: flags.order, matchTo, started: false };
  const plan = { path, flags, options, numbering, outputs };
  const { cluster: url } = flags;
  if (url === undefined) {
    await withEngine(flags, (engine, signal) => selectFrom(hereWith(engine, plan, signal), { ...plan, signal }));
  } else {
    await withCluster({ ...flags, cluster: url }, (cluster, signal) =>
      selectFrom(onCluster(cluster, plan, signal), { ...plan, signal }),
    );
  }
}

interface SelectPlan {
  readonly path: string;
  readonly flags: SelectFlags;
  readonly options: Partial<FitOptions>;
  readonly numbering: Numbering;
  readonly outputs: readonly ModelOutput[];
  readonly signal: AbortSignal;
}

type AskedSelection = Omit<SelectPlan, "signal">;

/** Where models are fitted. */
interface Place<Points extends SeenPoints> {
  prepare(progress: Progress): Promise<PreparedPoints<Points>>;
  select(points: Points, options: SelectOptions, progress: Progress): Promise<Selection>;
  describe(points: Points, mixture: GaussianMixture): Promise<Description>;
}

function hereWith(
  engine: Engine,
  { path, flags, numbering, outputs }: AskedSelection,
  signal: AbortSignal,
): Place<LoadedPoints> {
  return {
    prepare: (progress) => {
      const watching = { signal, onProgress: ({ fraction }: ReadStep) => progress.reach(fraction) };
      return preparePoints(engine, path, { ...flags, ...watching }, { numbering, outputs });
    },
    select: (points, options) => engine.select(points, options),
    describe: (points, mixture) => describePoints(engine, points, mixture, { signal }),
  };
}

function onCluster(
  cluster: Cluster,
  { path, flags, numbering }: AskedSelection,
  signal: AbortSignal,
): Place<ClusterPoints> {
  return {
    prepare: () => prepareOn(cluster, path, { flags, numbering, signal }),
    select: (points, options, progress) =>
      cluster.select(points, { ...(options as ClusterSelectOptions), onWorkers: (shares) => progress.workers(shares) }),
    describe: (points, mixture) => describeOn(cluster, points, mixture, signal),
  };
}

async function selectFrom<Points extends SeenPoints>(place: Place<Points>, plan: SelectPlan): Promise<void> {
  const { path, flags, numbering, outputs, signal } = plan;
  const { criterion, patience } = flags;
  const progress = openProgress(flags);
  try {
    const began = performance.now();
    progress.stage("reading", path);
    const prepared = await place.prepare(progress);
    const loaded = performance.now();
    const options: SelectOptions = {
      ...plan.options,
      ...{ signal, criterion, patience, components: flags.components, covarianceTypes: flags.covarianceType },
      onStep: (step) => progress.step(step),
      onModel: (choice, index, count) => {
        const model = `model ${index + 1}/${count} (${choice.components} ${choice.covarianceType})`;
        progress.plan(resolveFitOptions({ ...plan.options, ...choice }), prepared.points.count, model);
        progress.stage("starts", "");
      },
    };
    const { best, fit, table } = await place.select(prepared.points, options, progress);
    const seconds = { read: (loaded - began) / 1000, fit: (performance.now() - loaded) / 1000 };
    progress.stage("scoring", path);
    const described = await describeResult(prepared, { result: fit, numbering }, (mixture) =>
      place.describe(prepared.points, mixture),
    );
    progress.end();
    const rows = table.map((row) => inOwnUnits(row, described.volume, described.total));
    const given = { ...givenOptions(flags), components: best.components, covarianceType: best.covarianceType };
    const making = { options: given, seconds: seconds.fit, selection: rows as unknown as JsonObject[] };
    await writeModels(outputs, () => modelOf(prepared, described.fitted, making));
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
