import {
  type Bootstrap,
  covarianceRow,
  exponential,
  type GaussianMixture,
  type Spread,
  type Transform,
} from "@emix/core";
import type { OpenModel } from "../model.ts";
import { countText, intervalText, meanAndDeviation, medianAndFactor } from "./cells.ts";
import { table } from "./table.ts";

/** A bootstrap of a model. */
export interface SpreadReport {
  readonly model: OpenModel;
  /** the names of the features, d */
  readonly names: readonly string[];
  readonly spread: Bootstrap;
  /** the share inside an interval */
  readonly level: number;
}

/** Parameters with their standard errors and intervals, in the units of the columns; then what failed. */
export function spreadTable({ model, names, spread, level }: SpreadReport): string {
  const { mixture, transforms } = model;
  const interval = `${Number((100 * level).toPrecision(4))} % interval`;
  const heading = ["component", "of", "mean ± error", interval, "deviation ± error", interval];
  const rows = Array.from({ length: mixture.components }, (_, component) => [
    [`${component}`, "share", ...shareCells(mixture, spread, component), "", ""],
    ...names.map((name, feature) => [
      `${component}`,
      name,
      ...meanCells(mixture, spread, component * mixture.features + feature, transforms?.[feature]),
      ...deviationCells(mixture, spread, { component, feature }, transforms?.[feature]),
    ]),
  ]);
  return [table([heading, ...rows.flat()]), "", ...noteLines(spread), ""].join("\n");
}

/** A number, how far it may be off, and its interval. */
interface UncertainNumber {
  readonly estimate: number;
  readonly error: number;
  readonly lower: number;
  readonly upper: number;
}

function at(estimate: number, { standardErrors, lower, upper }: Spread, index: number): UncertainNumber {
  return { estimate, error: standardErrors[index], lower: lower[index], upper: upper[index] };
}

function cells({ estimate, error, lower, upper }: UncertainNumber): [string, string] {
  return [meanAndDeviation(estimate, error), intervalText(lower, upper)];
}

function shareCells(mixture: GaussianMixture, { weights }: Bootstrap, component: number): string[] {
  const share = mapUncertain(at(mixture.weights[component], weights, component), (value) => 100 * value, 100);
  return cells(share).map((text) => `${text} %`);
}

function meanCells(
  mixture: GaussianMixture,
  { means }: Bootstrap,
  index: number,
  { log, centre, scale }: Transform = PLAIN,
): string[] {
  const mean = mapUncertain(at(mixture.means[index], means, index), (value) => value * scale + centre, scale);
  if (!log) return cells(mean);
  const { estimate, error, lower, upper } = mean;
  return [
    medianAndFactor(exponential(estimate), exponential(error)),
    intervalText(exponential(lower), exponential(upper)),
  ];
}

/** Of a column whose logarithm was fitted, the deviation is a factor. */
function deviationCells(
  mixture: GaussianMixture,
  { covariances }: Bootstrap,
  { component, feature }: { readonly component: number; readonly feature: number },
  { log, scale }: Transform = PLAIN,
): string[] {
  const index = varianceIndex(mixture, component, feature);
  const variance = at(mixture.covariances[index], covariances, index);
  const deviation = Math.sqrt(variance.estimate);
  const own = mapUncertain(variance, (value) => scale * Math.sqrt(value), scale / (2 * deviation));
  if (!log) return cells(own);
  const factor = exponential(own.estimate);
  return cells(mapUncertain(own, exponential, factor));
}

/** in: slope, what an error is multiplied by */
function mapUncertain(
  { estimate, error, lower, upper }: UncertainNumber,
  map: (value: number) => number,
  slope: number,
): UncertainNumber {
  return { estimate: map(estimate), error: error * slope, lower: map(lower), upper: map(upper) };
}

const PLAIN: Transform = { log: false, centre: 0, scale: 1 };

/** Where the variance of a feature stands in `covariances`. */
function varianceIndex({ covarianceType, features }: GaussianMixture, component: number, feature: number): number {
  const { matrix, shared } = covarianceRow(covarianceType);
  const owner = shared ? 0 : component;
  if (matrix === "scalar") return owner;
  if (matrix === "diagonal") return owner * features + feature;
  return owner * features ** 2 + feature * (features + 1);
}

function noteLines({ resamples, failed, notConverged }: Bootstrap): string[] {
  const codes = [...new Set(failed.map(({ code }) => code))].map(
    (code) => `${code} × ${failed.filter((each) => each.code === code).length}`,
  );
  return [
    `${countText(resamples)} resamples`,
    ...(failed.length === 0
      ? []
      : [`${countText(failed.length)} more could not be fitted and do not count: ${codes.join(", ")}`]),
    ...(notConverged.length === 0
      ? []
      : [`${countText(notConverged.length)} of them ended at the most iterations; raise --max-iterations of the fit`]),
  ];
}
