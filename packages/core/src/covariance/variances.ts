import { compensatedSums, roundSums } from "../linear-algebra/compensated-sum.ts";
import { copyOf } from "../linear-algebra/doubles.ts";
import { greatest, least } from "../linear-algebra/extremes.ts";
import { timesPower } from "../linear-algebra/powers-of-two.ts";
import type { MatrixForm, Scatter } from "./matrix.ts";
import type { Regularization } from "./regularization.ts";
import { subtractSquares } from "./shift.ts";

/** A variance for every feature: v_j = S_jj/N − δ_j². */
export const diagonal: MatrixForm = {
  ...variancesForm((features) => features),
  move: (squares, variances) =>
    squares.reduce(
      (most, squared, j) => (squared === 0 ? most : Math.max(most, squared / Math.max(variances[j], 0))),
      0,
    ),
};

/** One variance for all features: σ² = (tr S/N − |δ|²)/d. */
export const scalar: MatrixForm = {
  ...variancesForm(() => 1),
  move: (squares, variances) =>
    squares.reduce(
      (sum, squared, j) => (squared === 0 ? sum : sum + squared / (squares.length * Math.max(variances[j], 0))),
      0,
    ),
};

/** What both kinds have in common: a list of variances that apply to the features in turn. */
function variancesForm(length: (features: number) => number): Omit<MatrixForm, "move"> {
  const featuresPerVariance = (features: number) => features / length(features);
  /** One number for each feature, repeated if features share a variance. */
  const ofFeatures = (values: Float64Array, features: number, out: Float64Array = new Float64Array(features)) => {
    for (let j = 0; j < features; j++) out[j] = values[j % values.length];
    return out;
  };

  return {
    length,
    publicLength: length,
    featuresPerVariance,

    estimator: (features) => (scatter) => {
      const count = scatter.sums.length;
      const mass = featuresPerVariance(features) * scatter.mass;
      const covariance = movedSums(scatter).map((sum) => sum / mass);
      const positive = covariance.map((variance, i) => (variance <= 0 ? scatter.least[i % count] : variance));
      const singular = covariance.some((variance) => variance <= 0);
      return { covariance, factor: positive.map(inverseRoot), inflation: 1, singular };
    },

    adder: (features) => (terms, outers) => {
      const covariance = new Float64Array(length(features));
      for (const term of terms) {
        term.covariance.forEach((variance, i) => {
          covariance[i] += term.share * Math.max(variance, 0);
        });
      }
      for (const { share, vector } of outers) {
        squaresOf(vector, covariance.length).forEach((squared, i) => {
          covariance[i] += share * squared;
        });
      }
      return { covariance, factor: covariance.map(inverseRoot) };
    },

    regularize({ covariance, factor }, regularization) {
      const { floors, ridges } = boundsOf(regularization, covariance.length);
      let raised = 0;
      for (let i = 0; i < covariance.length; i++) {
        const low = floors[i] > 0 && !(covariance[i] >= floors[i]);
        if (low) raised += featuresPerVariance(regularization.floors.length);
        if (!low && ridges[i] === 0) continue;
        covariance[i] = (low ? floors[i] : covariance[i]) + ridges[i];
        factor[i] = inverseRoot(covariance[i]);
      }
      return raised;
    },

    factorize(covariance) {
      const collapsed = covariance.findIndex((variance) => !(variance > 0 && variance < Number.POSITIVE_INFINITY));
      return collapsed >= 0 ? collapsed : covariance.map(inverseRoot);
    },

    refined: ({ factor }) => factor,
    inflation: () => 1,
    inflationInFrame: () => 1,
    shrinkage: (before, after) =>
      before.covariance.reduce((most, variance, i) => Math.max(most, variance * square(after.factor[i])), 0),
    spread: (of, features) => (factor) =>
      factor.reduce((sum, w, i) => sum + featuresPerVariance(features) * of.covariance[i] * square(w), 0),
    greatestRow: (factor, steps) =>
      steps.reduce((most, step, j) => Math.max(most, square(factor[j % factor.length] * step)), 0),
    rank: ({ covariance }, steps) =>
      steps.filter((step, j) => Math.sqrt(Math.max(covariance[j % covariance.length], 0)) / step > 1).length,
    diagonal: ofFeatures,
    rescale: ({ covariance, factor }, exponents) => ({
      covariance: covariance.map((value, i) => timesPower(timesPower(value, exponents[i]), exponents[i])),
      factor: factor.map((value, i) => timesPower(value, -exponents[i])),
    }),
    isotropic: (variance, features) => new Float64Array(length(features)).fill(variance),
    root: ({ covariance }, features) => ofFeatures(covariance, features).map(Math.sqrt),

    width: (factor) => 1 / least(factor),

    multiply(packed, vector, out) {
      for (let j = 0; j < vector.length; j++) out[j] = packed[j % packed.length] * vector[j];
    },

    divide: (packed, by) => packed.map((w, i) => w / by[i]),
    stretchesBelow: (packed, limit) => packed.every((a) => square(a) < limit),
    expandCovariance: (covariance) => covariance.slice(),
    expandFactor: (factor) => factor.slice(),
    pack: (covariance) => covariance.slice(),
    asymmetry: () => null,
    agrees: ({ covariance, factor }, _features, tolerance) =>
      factor.every((w, i) => Math.abs(covariance[i] * w * w - 1) <= tolerance),
    priorPower: (degreesOfFreedom, means, features) =>
      (degreesOfFreedom + (2 + means * featuresPerVariance(features))) / featuresPerVariance(features),
  };
}

/** Sums of squares about the new means. */
function movedSums({ sums, parts }: Scatter): Float64Array {
  const moved = compensatedSums(sums.length, copyOf(sums));
  for (const part of parts) subtractSquares(moved, part);
  return roundSums(moved);
}

/** v_j², summed over features that share a variance. */
function squaresOf(vector: Float64Array, count: number): Float64Array {
  const squares = new Float64Array(count);
  vector.forEach((value, j) => {
    squares[j % count] += square(value);
  });
  return squares;
}

/** The largest floor of features that share a variance; their ridges are equal. */
function boundsOf({ floors, ridges }: Regularization, count: number): Regularization {
  if (count === floors.length) return { floors, ridges };
  return { floors: Float64Array.of(greatest(floors)), ridges: ridges.subarray(0, 1) };
}

function inverseRoot(variance: number): number {
  return 1 / Math.sqrt(variance);
}

function square(value: number): number {
  return value * value;
}
