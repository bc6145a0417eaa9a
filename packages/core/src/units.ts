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
  if (known.length === 0 || (least >= LEAST && greatest <= GREATEST)) return null;
  const common = greatest - least <= GREATEST - LEAST ? outside(least, greatest) : null;
  return sizes.map((size) => common ?? (size === null ? 0 : outside(size, size)));
}

/** The exponent nearest 0 that brings sizes into the range. */
function outside(least: number, greatest: number): number {
  return Math.max(greatest - GREATEST, 0) + Math.min(least - LEAST, 0);
}

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

/** What the exponents take out of a log density, in all: −ln 2 · Σ e_j. */
export function logVolume(exponents: Exponents): number {
  return exponents === null ? 0 : -Math.LN2 * exponents.reduce((sum, exponent) => sum + exponent, 0);
}
