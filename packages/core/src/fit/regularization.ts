import { EPSILONS, type Regularization } from "../covariance/regularization.ts";
import { invalidOption, overflow, underflow } from "../errors.ts";
import { timesPower } from "../linear-algebra/powers-of-two.ts";
import type { Tiles } from "../points/tiles.ts";
import type { Warning } from "../warnings.ts";
import { stepsOf } from "./granularity.ts";
import type { ResolvedFitOptions } from "./options.ts";
import { requireNotNegative } from "./options-checks.ts";
import type { Summary } from "./summary.ts";

/**
 * Options → the floor under every covariance, one variance a feature: the larger of ε × the data's variance and the
 * variance h²/12 of rounding to steps of h (derivation.md §6).
 * @throws INVALID_OPTION when granularity does not fit the features, or a floor would be infinite; OVERFLOW, UNDERFLOW when variances do not fit doubles
 */
export function regularizationFor(
  { regularization, granularity }: Pick<ResolvedFitOptions, "regularization" | "granularity">,
  summary: Summary,
): Regularization {
  const features = summary.variances.length;
  const steps = stepsOf(granularity, summary.tiles);
  const relative = typeof regularization === "number" ? regularization : 0;
  const ridge = typeof regularization === "number" ? 0 : regularization.absolute;
  const rest = absoluteRegularization({ absolute: ridge }, features, summary.tiles);
  const scales = referenceVariances(summary);
  const floors = scales.map((scale, j) => Math.max(relative * scale, steps[j] ** 2 / 12));
  if (!floors.every(Number.isFinite)) {
    throw invalidOption(
      "regularization",
      "such, and `granularity` as well, that the variances they ask for are finite numbers",
      floors.find((floor) => !Number.isFinite(floor)),
    );
  }
  // Floors are all positive or all zero: where only some features have one, the others get one that means nothing.
  const some = floors.some((floor) => floor > 0);
  const all = some ? floors.map((floor, j) => floor || Math.max(NO_FLOOR * scales[j], Number.MIN_VALUE)) : floors;
  return { ...rest, floors: all, steps };
}

/** A least variance, relative to the data's, far below what a double can tell from 0. */
const NO_FLOOR = 1e-20;

/** How points are stored. */
type Storage = Pick<Tiles, "exponents" | "dtype">;

/** Regularization that needs no summary of the points: none, or a ridge. @throws INVALID_OPTION */
export function absoluteRegularization(
  regularization: 0 | { readonly absolute: number },
  features: number,
  { exponents, dtype }: Storage = { exponents: null, dtype: "f64" },
): Regularization {
  if (regularization !== 0 && (typeof regularization !== "object" || regularization === null)) {
    throw invalidOption("regularization", "0 or { absolute: variance }", regularization);
  }
  const ridge = regularization === 0 ? 0 : regularization.absolute;
  requireNotNegative("regularization.absolute", ridge);
  const stored = (j: number) => timesPower(ridge, -2 * (exponents?.[j] ?? 0));
  const ridges = Float64Array.from({ length: features }, (_, j) => Math.min(stored(j), Number.MAX_VALUE));
  const none = new Float64Array(features);
  return { floors: none, ridges, steps: none, epsilon: EPSILONS[dtype] };
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
    if (!Number.isFinite(variance)) throw overflow(j);
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
    .map((feature): Warning => ({ code: "CONSTANT_FEATURE", feature }));
}

/** Rows were left out. */
export function missingPoints({ tiles: { dropped } }: Summary): Warning[] {
  return dropped === null ? [] : [{ code: "MISSING_POINTS", points: dropped.length }];
}

/** All points are one and the same. */
export function degenerateData(summary: Summary): Warning[] {
  return constantFeatures(summary).length < summary.variances.length ? [] : [{ code: "DEGENERATE_DATA" }];
}
