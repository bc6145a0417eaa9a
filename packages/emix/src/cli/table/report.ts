import { groupThousands } from "@emix/io";
import type { Criteria } from "../../description.ts";
import type { FitOfColumns, PreparedPoints } from "../fitting/provenance.ts";
import { nameOf } from "../input.ts";
import { countText } from "./cells.ts";
import { featuresOf, logColumns } from "./columns.ts";
import { mixtureTable } from "./layout.ts";
import { warningLines } from "./warnings.ts";

/** What a fit took. */
interface Cost {
  readonly seconds: { readonly read: number; readonly fit: number };
  /** the speed of a single fit */
  readonly speed?: Speed;
}

interface Speed {
  /** processor time over wall time */
  readonly busyCores: number;
  /** wall time of an EM step of one start */
  readonly stepMilliseconds: number;
}

export interface Report {
  readonly prepared: PreparedPoints;
  readonly fitted: FitOfColumns;
  /** null after variational inference, whose bound they do not go with */
  readonly criteria: Criteria | null;
  readonly cost: Cost;
  /** the width of the terminal, in letters */
  readonly width: number;
}

const EXPLANATION = "Components are groups of similar rows: each has a share of them, and a mean ± standard deviation.";

/** The fitted mixture for people: its components, then how the fit went. */
export function report({ prepared, fitted, criteria, cost, width }: Report): string {
  const { columns, transforms } = prepared;
  const { mixture, warnings } = fitted.result;
  return [
    ...wrap(EXPLANATION, width),
    "",
    mixtureTable(mixture.weights, featuresOf(mixture, columns, transforms), width),
    "",
    ...transformLines(prepared),
    sizes(prepared, fitted),
    outcome(fitted),
    ...(criteria === null ? [] : [criteriaLine(criteria)]),
    costLine(prepared, fitted, cost),
    ...warningLines(warnings, columns.map(nameOf)),
    "",
  ].join("\n");
}

function sizes({ points }: PreparedPoints, { result: { mixture } }: FitOfColumns): string {
  const dropped = points.dropped > 0 ? ` (${countText(points.dropped)} rows with missing values left out)` : "";
  const { features, components, covarianceType, parameterCount } = mixture;
  return [
    `${countText(points.count)} points${dropped}`,
    `${features} features`,
    `${components} ${covarianceType} components`,
    `${countText(parameterCount)} parameters`,
  ].join(", ");
}

function outcome({ result }: FitOfColumns): string {
  const { mixture, lowerBound, converged, iterations, restart, starts } = result;
  const bound = mixture.posterior
    ? `lower bound of the evidence ${lowerBound.toFixed(6)}`
    : `log-likelihood ${lowerBound.toFixed(6)} a point`;
  const from = starts.length > 1 ? ` (start ${restart + 1} of ${starts.length})` : "";
  return `${bound}; ${converged ? "converged" : "stopped"} after ${iterations} iterations${from}`;
}

function criteriaLine({ bic, aic, icl }: Criteria): string {
  return `BIC ${hundredths(bic)}, AIC ${hundredths(aic)}, ICL ${hundredths(icl)}; lower is better`;
}

function hundredths(value: number): string {
  return groupThousands(value, 2);
}

function costLine({ points }: PreparedPoints, { result: { mixture } }: FitOfColumns, cost: Cost): string {
  const { seconds, speed } = cost;
  const times = `read in ${seconds.read.toFixed(2)} s, fitted in ${seconds.fit.toFixed(2)} s`;
  if (speed === undefined) return times;
  const { stepMilliseconds, busyCores } = speed;
  const rate = (points.count * mixture.components) / (stepMilliseconds / 1000) / 1e6;
  const speedOfMany = rate >= 1 ? `, ${rate.toFixed(0)} million point·components/s` : "";
  return `${times}; ${stepMilliseconds.toFixed(1)} ms a step${speedOfMany}, ${busyCores.toFixed(1)} cores busy`;
}

/** What the numbers of transformed columns mean. */
function transformLines({ columns, transforms }: PreparedPoints): string[] {
  if (transforms === undefined) return [];
  const logs = logColumns(columns, transforms);
  const standardized = transforms.some(({ centre, scale }) => centre !== 0 || scale !== 1);
  return [
    ...(logs.length === 0
      ? []
      : [
          `${logs.join(", ")}: median ×÷ factor, for logarithms were fitted; two thirds of a group lie between median ÷ factor and median × factor`,
        ]),
    ...(standardized ? ["columns were standardized for the fit; all numbers here are in their own units"] : []),
  ];
}

/** Lines no wider than this, broken between words. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
