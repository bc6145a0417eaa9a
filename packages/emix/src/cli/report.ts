import type { GaussianMixture } from "@emix/core";
import type { FitResult } from "@emix/workers";
import { type Input, nameOf } from "./input.ts";
import { table } from "./table.ts";
import { warningLines } from "./warnings.ts";

interface Fitted {
  readonly input: Input;
  readonly result: FitResult;
  readonly seconds: { readonly load: number; readonly fit: number };
  readonly busyCores: number;
  readonly stepMilliseconds: number;
}

/** The fitted mixture for people: a row for each component, heaviest first, then how the fit went. */
export function report({ input, result, seconds, busyCores, stepMilliseconds }: Fitted): string {
  const { mixture, converged, iterations, lowerBound, restart } = result;
  const pairs = input.points.count * mixture.components;
  const ending = converged ? "converged" : "stopped";
  const measure = mixture.posterior ? "lower bound of the evidence" : "log-likelihood";
  const rate = pairs / (stepMilliseconds / 1000) / 1e6;
  return [
    mixtureTable(mixture, input.columns),
    "",
    `${count(input.points.count)} points, ${mixture.features} features, ${mixture.components} ${mixture.covarianceType} components` +
      (input.dropped > 0 ? ` (${count(input.dropped)} rows with missing values dropped)` : ""),
    `${measure} ${lowerBound.toFixed(6)}${mixture.posterior ? "" : " a point"}; ${ending} after ${iterations} iterations (start ${restart + 1})`,
    `read in ${seconds.load.toFixed(2)} s, fitted in ${seconds.fit.toFixed(2)} s; ${stepMilliseconds.toFixed(1)} ms a step, ` +
      `${rate.toFixed(0)} million point·components/s, ${busyCores.toFixed(1)} cores busy`,
    ...warningLines(result.warnings, input.columns.map(nameOf)),
    "",
  ].join("\n");
}

/** Weight, then mean ± standard deviation of every feature. */
function mixtureTable(mixture: GaussianMixture, columns: readonly string[]): string {
  const { weights, means, features } = mixture;
  const deviations = mixture.variances.map(Math.sqrt);
  const order = [...weights.keys()].sort((a, b) => weights[b] - weights[a]);
  const rows = order.map((component) => [
    `${component}`,
    `${(100 * weights[component]).toFixed(1)} %`,
    ...Array.from({ length: features }, (_, j) => {
      const at = component * features + j;
      return `${number(means[at])} ± ${number(deviations[at])}`;
    }),
  ]);
  const names = columns.map(nameOf);
  return table([["component", "weight", ...names], ...rows]);
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
