import { basename } from "node:path";
import { groupThousands, type JsonObject, type Provenance, type Reading, readingLine } from "@emix/io";
import type { ReportChoice, ReportData, ReportFit, ReportTrace } from "@emix/report";
import { inFlags } from "../flags.ts";
import type { OpenModel } from "../model.ts";
import { warningLines } from "../table/warnings.ts";
import type { DataFacts } from "./data-facts.ts";
import { shownMixture, shownNames } from "./shown-units.ts";

/** What a report is made of. */
export interface ReportSource {
  readonly model: OpenModel;
  /** null: the report is of the model alone */
  readonly data: DataFacts | null;
  /** default: the name of the file of points */
  readonly title?: string | undefined;
}

/** A model, and what it says of rows, as a report shows it. */
export function reportDataOf({ model, data, title }: ReportSource): ReportData {
  const { mixture, transforms, path } = model;
  const fit: Provenance = model.fit ?? {};
  const columns = model.columns ?? data?.names ?? Array.from({ length: mixture.features }, (_, j) => `x${j}`);
  const reading = data?.reading ?? readingOf(fit.reading);
  return {
    title: title ?? basename(reading?.paths[0] ?? path),
    reading: [
      ...(reading === null ? [] : [inFlags(readingLine(reading))]),
      ...transformSentences(model),
      ...otherRowsSentence(model, data),
    ],
    rows: data?.rows ?? fit.points ?? 0,
    columns: shownNames(columns, transforms),
    mixture: shownMixture(mixture, transforms),
    fit: fitOf(fit, data),
    traces: tracesOf(fit),
    ...(fit.selection && { selection: fit.selection.map(choiceOf) }),
    sample: data?.sample ?? { values: [], labels: [], maxResponsibilities: [], logDensities: [] },
    outliers: data?.outliers ?? [],
    warnings: warningLines(fit.warnings ?? [], shownNames(columns)).map((line) => line.replace(/^warning: /, "")),
    provenance: provenanceOf(model, reading),
  };
}

/** null for what is no reading: the format of models takes any object. */
function readingOf(json: JsonObject | undefined): Reading | null {
  const lists = ["paths", "columns", "leftOut", "notes"];
  const whole = json !== undefined && lists.every((name) => Array.isArray(json[name])) && typeof json.rows === "number";
  return whole ? (json as unknown as Reading) : null;
}

function transformSentences({ transforms = [] }: OpenModel): string[] {
  const standardized = transforms.some(({ centre, scale }) => centre !== 0 || scale !== 1);
  return [
    ...(standardized ? ["Columns were standardized for the fit; all numbers here are in their own units."] : []),
    ...(transforms.some(({ log }) => log) ? ["Columns named ln are natural logarithms, which were fitted."] : []),
  ];
}

/** Says so where the rows are not as many as those that were fitted. */
function otherRowsSentence({ fit }: OpenModel, data: DataFacts | null): string[] {
  const fitted = fit?.points;
  if (data === null || fitted === undefined || fitted === data.rows) return [];
  return [`The mixture was fitted to ${groupThousands(fitted)} other rows, or to more or fewer of them.`];
}

function fitOf(fit: Provenance, data: DataFacts | null): ReportFit | null {
  const { lowerBound, converged, iterations, restart = 0, options = {} } = fit;
  if (lowerBound === undefined || converged === undefined || iterations === undefined) return null;
  const { bic = null, aic = null, icl = null } = data?.criteria ?? {};
  const shown = Object.entries(options).map(([name, value]) => [name, plain(value)] as const);
  const kept = tracesOf(fit)[restart] === undefined ? 0 : restart;
  return {
    ...{ lowerBound, bic, aic, icl, converged, iterations, restart: kept, seconds: fit.seconds ?? null },
    options: Object.fromEntries(shown),
  };
}

function plain(value: unknown): string | number | boolean | null {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null ? null : JSON.stringify(value);
}

function tracesOf({ starts, trace = [] }: Provenance): ReportTrace[] {
  if (starts === undefined || starts.length === 0) return [{ bounds: trace }];
  return starts.map((start) => {
    const message = (start.failure as JsonObject | undefined)?.message;
    return { bounds: numbersOf(start.trace), ...(typeof message === "string" && { failure: message }) };
  });
}

function choiceOf(choice: JsonObject): ReportChoice {
  return {
    components: numberOf(choice.components) ?? 0,
    covarianceType: String(choice.covarianceType ?? ""),
    bic: numberOf(choice.bic),
    icl: numberOf(choice.icl),
  };
}

function numbersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "number") : [];
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function provenanceOf({ path, fit = {} }: OpenModel, reading: Reading | null): Record<string, string> {
  const facts: Readonly<Record<string, unknown>> = {
    model: path,
    data: reading?.paths.join(", "),
    emix: fit.version,
    seed: fit.seed,
    "rows that were fitted": fit.points,
    fingerprint: fit.fingerprint,
  };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}
