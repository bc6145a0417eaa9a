import { covarianceForm } from "./covariance/covariance.ts";
import { overflow, underflow } from "./errors.ts";
import { exponentOf, timesPower } from "./linear-algebra/powers-of-two.ts";
import type { Mixture } from "./mixture.ts";

/**
 * Powers of two, one a feature, that points are divided by when they are stored, so that squares stay in the range of a
 * double: x = stored · 2^exponent. Null: points are stored as they are, which is the rule. Exact, so a scaling of the
 * points by powers of two changes no bit of what is computed from them.
 */
export type Exponents = readonly number[] | null;

/** A feature needs no scaling while its largest |x| lies between 2^LEAST and 2^GREATEST. */
const LEAST = -300;
const GREATEST = 440;

/** One exponent for all features where that will do, for distances across features mean the same then. in: max |x|, d */
export function exponentsFor(largest: Float64Array): Exponents {
  const sizes = [...largest].map((value) => (value > 0 ? exponentOf(value) : null));
  const known = sizes.filter((size) => size !== null);
  const [least, greatest] = [Math.min(...known), Math.max(...known)];
  const fits = (exponent: number) => least - exponent >= LEAST && greatest - exponent <= GREATEST;
  if (known.length === 0 || fits(0)) return null;
  const common = [greatest - GREATEST, greatest].find(fits);
  return sizes.map((size) => common ?? size ?? 0);
}

/** A mixture in the units of stored points. */
export function inStoredUnits(mixture: Mixture, exponents: Exponents): Mixture {
  return exponents === null
    ? mixture
    : rescaled(
        mixture,
        exponents.map((exponent) => -exponent),
      );
}

/** A mixture of stored points in the units of the points themselves. @throws OVERFLOW, UNDERFLOW */
export function inUnitsOfPoints(mixture: Mixture, exponents: Exponents): Mixture {
  const { components, features, covarianceType } = mixture;
  const out = exponents === null ? mixture : rescaled(mixture, exponents);
  const variances = covarianceForm(covarianceType).variances(out.packedCovariances, components, features);
  variances.forEach((variance, i) => {
    if (!(variance < Number.POSITIVE_INFINITY)) throw overflow(i % features);
    if (variance < LEAST_NORMAL) throw underflow(i % features);
  });
  if (!out.packedCovariances.every(Number.isFinite)) throw overflow(0);
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

/** What the exponents take out of a log density, in all: −ln 2 · Σ e_j. */
export function logVolume(exponents: Exponents): number {
  return exponents === null ? 0 : -Math.LN2 * exponents.reduce((sum, exponent) => sum + exponent, 0);
}
