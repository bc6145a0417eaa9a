import { diagonalsOf, rescaleCovariances } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { featuresMismatch, overflow, underflow } from "../errors.ts";
import { timesPower } from "../linear-algebra/powers-of-two.ts";
import type { Exponents } from "../points/exponents.ts";
import type { Mixture } from "./mixture.ts";

// A fit works in stored units. Mixtures are converted at its door, once on the way in and once on the way out.

/** A mixture in stored units. @throws FEATURES_MISMATCH; OVERFLOW if its variances do not fit into doubles there */
export function inStoredUnits(mixture: Mixture, exponents: Exponents): Mixture {
  if (exponents === null) return mixture;
  if (exponents.length !== mixture.features) throw featuresMismatch(mixture.features, exponents.length);
  const stored = rescaleMixture(
    mixture,
    exponents.map((exponent) => -exponent),
  );
  const lost = diagonalsOf(stored.factors, stored).findIndex((value) => value < LEAST_NORMAL);
  if (lost >= 0) throw overflow(lost % mixture.features);
  return stored;
}

/** A mixture in stored units → in the units of the points. @throws OVERFLOW, UNDERFLOW */
export function inUnitsOfPoints(mixture: Mixture, exponents: Exponents): Mixture {
  if (exponents === null) return mixture;
  const out = rescaleMixture(mixture, exponents);
  requireNormalVariances(out);
  return out;
}

/** @throws OVERFLOW, UNDERFLOW if a variance is not a normal number */
export function requireNormalVariances(mixture: Mixture): void {
  const { features } = mixture;
  const variances = diagonalsOf(mixture.packedCovariances, mixture);
  for (let i = 0; i < variances.length; i++) {
    if (!(variances[i] < Number.POSITIVE_INFINITY)) throw overflow(i % features);
    if (variances[i] < LEAST_NORMAL) throw underflow(i % features, variances[i]);
  }
}

/** Below this, doubles have fewer digits. */
export const LEAST_NORMAL: number = 2 ** -1022;

/** The mixture for the points x · 2^exponent. */
function rescaleMixture(mixture: Mixture, exponents: readonly number[]): Mixture {
  const { features, covarianceType } = mixture;
  // One variance for all features cannot follow features with different scales.
  const other = exponents.findIndex((exponent) => exponent !== exponents[0]);
  if (matrixForm(covarianceType).featuresPerVariance(features) > 1 && other >= 0) throw overflow(other);
  const scale = (values: Float64Array) => values.map((value, i) => timesPower(value, exponents[i % features]));
  const { means, meansResidual } = mixture;
  const { packedCovariances, factors } = rescaleCovariances(mixture, mixture, exponents);
  const finite = (value: number) => Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
  const scaled = { means: scale(means), meansResidual: scale(meansResidual), packedCovariances };
  return { ...mixture, ...scaled, factors: factors.map(finite) };
}
