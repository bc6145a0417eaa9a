import type { Regularization } from "./covariance/regularization.ts";
import { invalidOption, overflow, underflow } from "./errors.ts";
import { type ResolvedFitOptions, requireNotNegative } from "./options.ts";
import type { Summary } from "./summary.ts";
import type { Warning } from "./warnings.ts";

/**
 * Options → the floor under every covariance, one variance a feature: the larger of ε × the data's variance and the
 * variance h²/12 of rounding to steps of h (derivation.md §6).
 * @throws INVALID_OPTION when granularity does not fit the features; OVERFLOW, UNDERFLOW when variances do not fit doubles
 */
export function regularizationFor(
  { regularization, granularity }: Pick<ResolvedFitOptions, "regularization" | "granularity">,
  summary: Summary,
): Regularization {
  const features = summary.variances.length;
  const steps = typeof granularity === "number" ? new Array<number>(features).fill(granularity) : granularity;
  if (steps.length !== features) throw invalidOption("granularity", `one number or ${features} of them`, granularity);
  const relative = typeof regularization === "number" ? regularization : 0;
  const ridge = typeof regularization === "number" ? 0 : regularization.absolute;
  const scales = referenceVariances(summary);
  const floors = scales.map((scale, j) => Math.max(relative * scale, steps[j] ** 2 / 12));
  // Floors are all positive or all zero: where only some features have one, the others get one that means nothing.
  const some = floors.some((floor) => floor > 0);
  return {
    floors: some ? floors.map((floor, j) => floor || Math.max(NO_FLOOR * scales[j], Number.MIN_VALUE)) : floors,
    ridge,
  };
}

/** A least variance, relative to the data's, far below what a double can tell from 0. */
const NO_FLOOR = 1e-20;

/** Regularization that needs no summary of the points: none, or a ridge. @throws INVALID_OPTION */
export function absoluteRegularization(
  regularization: 0 | { readonly absolute: number },
  features: number,
): Regularization {
  if (regularization !== 0 && (typeof regularization !== "object" || regularization === null)) {
    throw invalidOption("regularization", "0 or { absolute: variance }", regularization);
  }
  const ridge = regularization === 0 ? 0 : regularization.absolute;
  requireNotNegative("regularization.absolute", ridge);
  return { floors: new Float64Array(features), ridge };
}

const LEAST_NORMAL = 2 ** -1022;
/** What the square of a constant is kept between, so that it stays far from under- and overflow. */
const SQUARES = { least: 2 ** -600, most: 2 ** 600 };

/** The data's variance; for a constant feature the square of its value, or 1. @throws OVERFLOW, UNDERFLOW */
function referenceVariances(summary: Summary): Float64Array {
  return summary.variances.map((variance, j) => {
    if (isConstant(summary, j)) {
      const size = Math.max(Math.abs(summary.least[j]), Math.abs(summary.greatest[j]));
      return size === 0 ? 1 : Math.min(Math.max(size * size, SQUARES.least), SQUARES.most);
    }
    if (!Number.isFinite(variance)) throw overflow();
    if (variance < LEAST_NORMAL) throw underflow(j, variance);
    return variance;
  });
}

/** Judged by the range: a variance about a rounded mean is never quite 0. */
function isConstant({ least, greatest }: Summary, feature: number): boolean {
  const size = Math.max(Math.abs(least[feature]), Math.abs(greatest[feature]));
  return greatest[feature] - least[feature] <= size * (4 * Number.EPSILON);
}

export function constantFeatures(summary: Summary): Warning[] {
  return [...summary.variances.keys()]
    .filter((feature) => isConstant(summary, feature))
    .map((feature) => ({ code: "CONSTANT_FEATURE", feature }));
}
