import { diagonalsOf, rescaleCovariances } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { featuresMismatch, overflow, underflow } from "../errors.ts";
import { timesPower } from "../linear-algebra/powers-of-two.ts";
import type { Exponents } from "../points/exponents.ts";
import type { Mixture } from "./mixture.ts";

// A fit lives in the units of stored points; mixtures are converted at its door, once in and once out.

/** A mixture in the units of stored points. @throws FEATURES_MISMATCH; OVERFLOW where it is too wide to be seen in them */
export function inStoredUnits(mixture: Mixture, exponents: Exponents): Mixture {
  if (exponents === null) return mixture;
  if (exponents.length !== mixture.features) throw featuresMismatch(mixture.features, exponents.length);
  const stored = rescaled(
    mixture,
    exponents.map((exponent) => -exponent),
  );
  const lost = diagonalsOf(stored.factors, stored).findIndex((value) => value < LEAST_NORMAL);
  if (lost >= 0) throw overflow(lost % mixture.features);
  return stored;
}

/** A mixture of stored points in the units of the points themselves. @throws OVERFLOW, UNDERFLOW */
export function inUnitsOfPoints(mixture: Mixture, exponents: Exponents): Mixture {
  if (exponents === null) return mixture;
  const out = rescaled(mixture, exponents);
  requireNormalVariances(out);
  return out;
}

/** @throws OVERFLOW, UNDERFLOW where a variance is no normal number */
export function requireNormalVariances(mixture: Mixture): void {
  const { features } = mixture;
  diagonalsOf(mixture.packedCovariances, mixture).forEach((variance, i) => {
    if (!(variance < Number.POSITIVE_INFINITY)) throw overflow(i % features);
    if (variance < LEAST_NORMAL) throw underflow(i % features, variance);
  });
}

/** Below it, doubles have fewer digits. */
const LEAST_NORMAL = 2 ** -1022;

/** The mixture of the points x · 2^exponent. */
function rescaled(mixture: Mixture, exponents: readonly number[]): Mixture {
  const { features, covarianceType } = mixture;
  // One variance for all features cannot follow features that are scaled differently.
  const other = exponents.findIndex((exponent) => exponent !== exponents[0]);
  if (matrixForm(covarianceType).featuresPerVariance(features) > 1 && other >= 0) throw overflow(other);
  const scale = (values: Float64Array) => values.map((value, i) => timesPower(value, exponents[i % features]));
  const { means, meansResidual } = mixture;
  const { packedCovariances, factors } = rescaleCovariances(mixture, mixture, exponents);
  const finite = (value: number) => Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
  const scaled = { means: scale(means), meansResidual: scale(meansResidual), packedCovariances };
  return { ...mixture, ...scaled, factors: factors.map(finite) };
}
