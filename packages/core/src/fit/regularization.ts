import { noRegularization, type Regularization } from "../covariance/regularization.ts";
import { invalidOption, overflow, underflow } from "../errors.ts";
import { timesPower } from "../linear-algebra/powers-of-two.ts";
import type { Exponents } from "../points/exponents.ts";
import type { RegularizationOption } from "./options/options.ts";
import type { Summary } from "./summary.ts";

/**
 * Options → the limits that covariances must respect: a floor, which is the larger of ε × the data's variance and the
 * variance h²/12 of rounding to steps of h (derivation.md §6), or a ridge.
 * in: steps h, d, stored units
 * @throws INVALID_OPTION if a floor would be infinite; OVERFLOW, UNDERFLOW if variances do not fit into doubles
 */
export function regularizationFor(option: RegularizationOption, steps: Float64Array, summary: Summary): Regularization {
  const relative = typeof option === "number" ? option : 0;
  const ridge = typeof option === "number" ? 0 : option.absolute;
  const { ridges } = ridgesOf(ridge, steps.length, summary.tiles.exponents);
  const scales = referenceVariances(summary);
  const floors = scales.map((scale, j) => Math.max(relative * scale, steps[j] ** 2 / 12));
  if (!floors.every(Number.isFinite)) {
    throw invalidOption(
      "regularization",
      "small enough (and `granularity` as well) that the least variances are finite numbers",
      floors.find((floor) => !Number.isFinite(floor)),
    );
  }
  // Floors are all positive or all zero. If only some features have one, the others get a floor too low to matter.
  const some = floors.some((floor) => floor > 0);
  const all = some ? floors.map((floor, j) => floor || Math.max(NO_FLOOR * scales[j], Number.MIN_VALUE)) : floors;
  return { floors: all, ridges };
}

/** A smallest variance, relative to the data's, far below the rounding of doubles. */
const NO_FLOOR = 1e-20;

/** No floor, and the same ridge for every feature. in: ridge, in the units of the points */
export function ridgesOf(ridge: number, features: number, exponents: Exponents): Regularization {
  const storedRidge = (j: number) => timesPower(ridge, -2 * (exponents?.[j] ?? 0));
  const ridges = Float64Array.from({ length: features }, (_, j) => Math.min(storedRidge(j), Number.MAX_VALUE));
  return { ...noRegularization(features), ridges };
}

const LEAST_NORMAL = 2 ** -1022;
/** The square of a constant feature is kept in this range, far from underflow and overflow. */
const SQUARES = { least: 2 ** -600, most: 2 ** 600 };

/** The variance of each feature; for a constant feature, the square of its value, or 1. @throws OVERFLOW, UNDERFLOW */
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

/** Judges by the range: a variance about a rounded mean is never exactly 0. */
export function isConstant({ least, greatest }: Summary, feature: number): boolean {
  const size = Math.max(Math.abs(least[feature]), Math.abs(greatest[feature]));
  return greatest[feature] - least[feature] <= size * (4 * Number.EPSILON);
}
