import type { GaussianMixture, Warning } from "@emix/core";
import type { FitResult } from "@emix/workers";
import { type Input, nameOf } from "./input.ts";
import { table } from "./table.ts";

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
    ...result.warnings.map(warningLine),
    "",
  ].join("\n");
}

/** Weight, then mean ± standard deviation of every feature. */
function mixtureTable(mixture: GaussianMixture, columns: readonly string[]): string {
  const { weights, means, features } = mixture;
  const deviations = standardDeviations(mixture);
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

/** out: k × d */
function standardDeviations({ components, features, covarianceType, covariances }: GaussianMixture): Float64Array {
  const square = features * features;
  const variance = (component: number, j: number): number => {
    switch (covarianceType) {
      case "full":
        return covariances[component * square + j * (features + 1)];
      case "tied":
        return covariances[j * (features + 1)];
      case "diag":
        return covariances[component * features + j];
      case "spherical":
        return covariances[component];
    }
  };
  return Float64Array.from({ length: components * features }, (_, i) =>
    Math.sqrt(variance(Math.floor(i / features), i % features)),
  );
}

const MESSAGES: Readonly<Record<Warning["code"], string>> = {
  EMPTY_COMPONENT: "lost all its points",
  COLLAPSED_COMPONENT: "is no wider than the rounding of the data in some direction",
  NEAR_RESOLUTION: "is so thin that the rounding of the data shows in it",
  NON_MONOTONE: "fell in an iteration, which exact arithmetic forbids",
  DEGENERATE_DATA: "are all the same",
  MISSING_POINTS: "leave out the rows that lack a number",
  SINGULAR_COVARIANCE: "became so thin that regularization held its covariance up",
  CONSTANT_FEATURE: "is constant",
  KERNEL_FALLBACK: "simd256 is not to be had here; simd served in its place",
};

function warningLine(warning: Warning): string {
  const { code, component, feature, firstIteration, lastIteration } = warning;
  const subjects = { NON_MONOTONE: "the likelihood", KERNEL_FALLBACK: "the kernel" } as Partial<Record<string, string>>;
  const overall = subjects[code] ?? "the points";
  const subject =
    component !== undefined ? `component ${component}` : feature !== undefined ? `feature ${feature}` : overall;
  const always = component === undefined && code !== "NON_MONOTONE";
  const facts = [...numbersOf(warning), ...(always ? [] : [`iterations ${firstIteration} to ${lastIteration}`])];
  return `warning: ${subject} ${MESSAGES[code]}${facts.length > 0 ? ` (${facts.join("; ")})` : ""} [${code}]`;
}

function numbersOf({ rank, resolution, policy, fall, points }: Warning): string[] {
  return [
    ...(policy === undefined ? [] : [`policy: ${policy}`]),
    ...(rank === undefined ? [] : [`rank ${rank}`]),
    ...(resolution === undefined ? [] : [`rounding of ${number(resolution)} standard deviations`]),
    ...(fall === undefined ? [] : [`by ${number(fall)}`]),
    ...(points === undefined ? [] : [`${count(points)} rows`]),
  ];
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
