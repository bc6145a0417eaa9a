import { covarianceForm } from "../covariance/covariance.ts";
import { overflow, underflow } from "../errors.ts";
import { timesPower } from "../linear-algebra/powers-of-two.ts";
import type { Exponents } from "../points/exponents.ts";
import type { Mixture } from "./mixture.ts";

/** A mixture in the units of stored points. @throws OVERFLOW where it is too wide to be seen in them */
export function inStoredUnits(mixture: Mixture, exponents: Exponents): Mixture {
  if (exponents === null) return mixture;
  const { components, features, covarianceType } = mixture;
  const stored = rescaled(
    mixture,
    exponents.map((exponent) => -exponent),
  );
  for (let component = 0; component < components; component++) {
    const diagonal = covarianceForm(covarianceType).factorDiagonal(stored.factors, component, features);
    const lost = diagonal.findIndex((value) => value < LEAST_NORMAL);
    if (lost >= 0) throw overflow(lost);
  }
  return stored;
}

/** A mixture of stored points in the units of the points themselves. @throws OVERFLOW, UNDERFLOW */
export function inUnitsOfPoints(mixture: Mixture, exponents: Exponents): Mixture {
  const { components, features, covarianceType } = mixture;
  const out = exponents === null ? mixture : rescaled(mixture, exponents);
  const variances = covarianceForm(covarianceType).variances(out.packedCovariances, components, features);
  variances.forEach((variance, i) => {
    if (!(variance < Number.POSITIVE_INFINITY)) throw overflow(i % features);
    if (variance < LEAST_NORMAL) throw underflow(i % features, variance);
  });
  return out;
}

/** Below it, doubles have fewer digits. */
const LEAST_NORMAL = 2 ** -1022;

/** The mixture of the points x · 2^exponent. */
function rescaled(mixture: Mixture, exponents: readonly number[]): Mixture {
  const { features, covarianceType } = mixture;
  // One variance for all features cannot follow features that are scaled differently.
  const other = exponents.findIndex((exponent) => exponent !== exponents[0]);
  if (covarianceType === "spherical" && other >= 0) throw overflow(other);
  const scale = (values: Float64Array) => values.map((value, i) => timesPower(value, exponents[i % features]));
  const { means, meansResidual } = mixture;
  const { packedCovariances, factors } = covarianceForm(covarianceType).rescale(mixture, exponents);
  const finite = (value: number) => Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
  const scaled = { means: scale(means), meansResidual: scale(meansResidual), packedCovariances };
  return { ...mixture, ...scaled, factors: factors.map(finite) };
}
