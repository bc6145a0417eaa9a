import { resolutionOf } from "../../components/resolution/resolution.ts";
import { notAMaximum } from "../../errors.ts";
import { cholesky, invertTriangle } from "../../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../../linear-algebra/triangle.ts";
import { weightTotal } from "../../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { Executor } from "../../passes/executor.ts";
import { mixtureAt, origin, unitsAt } from "../../step/acceleration/coordinates.ts";
import { gradientAt } from "../../step/acceleration/gradient.ts";
import { expectation } from "../../step/expectation.ts";
import { plainRules } from "../../step/rules.ts";

/** What points tell of the coordinates about a mixture (step/acceleration/coordinates.ts), all together. */
export interface Information {
  /** W with Wᵀ W the covariance matrix of the coordinates, a packed lower triangle */
  readonly root: Float64Array;
  readonly size: number;
}

/** A step in a coordinate, before it is weighed: the cube of it is lost, and of rounding its inverse. */
const STEP = 1e-4;

/** A mixture is no maximum if the log-likelihood of a point can gain this much. */
const MOST_GAIN = 1e-4;

/**
 * The observed information (derivation.md §21): how the gradient of the log-likelihood changes in each coordinate, by
 * central differences, two E-steps for each.
 * in: a mixture in stored units, without an empty component
 * @throws NOT_A_MAXIMUM
 */
export async function informationAt(executor: Executor, at: Mixture): Promise<Information> {
  const rules = { ...plainRules(at.features), resolution: resolutionOf(executor.tiles.dtype, at.features) };
  const gradientOf = async (mixture: Mixture) =>
    gradientAt(mixture, await expectation(executor, mixture, rules), rules.prior.meanPrecision);
  const units = unitsAt(at);
  const size = units.length;
  const bend = new Float64Array(triangleLength(size));
  for (let i = 0; i < size; i++) {
    const shiftTo = (step: number) => mixtureAt(oneAt(i, step * units[i], at), at);
    const [before, after] = [await gradientOf(shiftTo(-STEP)), await gradientOf(shiftTo(STEP))];
    for (let j = 0; j < size; j++) {
      // Each entry is met twice; their mean is symmetric.
      const share = i === j ? 1 : 0.5;
      bend[entry(i, j)] += (share * (before[j] - after[j])) / (2 * STEP * units[i]);
    }
  }
  // All weights times the same factor are the same weights: the direction √π has no information, and no effect.
  const { weights } = at;
  weights.forEach((_, i) => {
    for (let j = 0; j <= i; j++) bend[triangleRow(i) + j] += Math.sqrt(weights[i] * weights[j]);
  });
  const factor = cholesky(bend, size);
  if (factor === null) throw notAMaximum();
  const inverse = invertTriangle(factor, size);
  const gain = gainOf(inverse, await gradientOf(at));
  if (!(gain < MOST_GAIN)) throw notAMaximum(gain);
  const total = Math.sqrt(weightTotal(executor.tiles.count, executor.tiles.pointWeights));
  return { root: inverse.map((value) => value / total), size };
}

/** Coordinates that are 0 but for one. */
function oneAt(i: number, value: number, at: Mixture): Float64Array {
  const coordinates = origin(at);
  coordinates[i] = value;
  return coordinates;
}

function entry(i: number, j: number): number {
  return triangleRow(Math.max(i, j)) + Math.min(i, j);
}

/** ½ gᵀ H⁻¹ g = ½ |W g|². in: W, packed */
function gainOf(root: Float64Array, gradient: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += root[triangleRow(i) + j] * gradient[j];
    squares += sum * sum;
  }
  return squares / 2;
}

/**
 * The standard errors of numbers that depend on some coordinates, by their derivatives.
 * in: first, the first of these coordinates; slopes, a row for each coordinate, with the derivative of each number
 */
export function errorsOf({ root, size }: Information, first: number, slopes: readonly Float64Array[]): Float64Array {
  // Derivatives are taken in units of the greatest, so that their squares are numbers.
  const units = slopes[0].map((_, q) => slopes.reduce((most, row) => Math.max(most, Math.abs(row[q])), 0) || 1);
  const shares = slopes.map((row) => row.map((slope, q) => slope / units[q]));
  const variances = new Float64Array(units.length);
  const sums = new Float64Array(units.length);
  for (let row = first; row < size; row++) {
    sums.fill(0);
    for (let i = 0; i < shares.length && first + i <= row; i++) {
      const entry = root[triangleRow(row) + first + i];
      for (let q = 0; q < sums.length; q++) sums[q] += entry * shares[i][q];
    }
    for (let q = 0; q < sums.length; q++) variances[q] += sums[q] * sums[q];
  }
  return variances.map((variance, q) => units[q] * Math.sqrt(variance));
}
