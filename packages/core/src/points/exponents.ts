import { greatest as greatestOf, least as leastOf } from "../linear-algebra/extremes.ts";
import { exponentOf } from "../linear-algebra/powers-of-two.ts";

/**
 * Powers of two, one for each feature, by which points are divided when they are stored, so that squares stay in the
 * range of doubles: x = stored · 2^exponent. Null, the usual case: points are stored as they are. The division is
 * exact, so scaling the points by powers of two changes no bit of what is computed from them.
 */
export type Exponents = readonly number[] | null;

/** A feature needs no scaling while its largest |x| lies between 2^LEAST and 2^GREATEST. */
const LEAST = -300;
const GREATEST = 440;
/** Sizes that are surely between them. */
const LEAST_MODERATE = 2 ** (LEAST + 1);
const GREATEST_MODERATE = 2 ** (GREATEST - 1);

/**
 * Uses one exponent for all features if possible, because distances across features then keep their meaning. in: max
 * |x|, d
 */
export function exponentsFor(largest: ArrayLike<number>): Exponents {
  if (areModerate(largest)) return null;
  const sizes = Array.from(largest, (value) => (value > 0 ? exponentOf(value) : null));
  const known = sizes.filter((size) => size !== null);
  const [least, greatest] = [leastOf(known), greatestOf(known)];
  if (least >= LEAST && greatest <= GREATEST) return null;
  const common = greatest - least <= GREATEST - LEAST ? outside(least, greatest) : null;
  return sizes.map((size) => common ?? (size === null ? 0 : outside(size, size)));
}

function areModerate(sizes: ArrayLike<number>): boolean {
  for (let i = 0; i < sizes.length; i++) if (!isModerate(sizes[i])) return false;
  return true;
}

/** Is no square of it near the ends of the range? True of 0, whose feature is constant. */
function isModerate(size: number): boolean {
  return size === 0 || (size >= LEAST_MODERATE && size <= GREATEST_MODERATE);
}

/** The exponent nearest 0 that brings sizes into the range. */
function outside(least: number, greatest: number): number {
  return Math.max(greatest - GREATEST, 0) + Math.min(least - LEAST, 0);
}

/** What the exponents together take out of a log density: −ln 2 · Σ e_j. */
export function logVolume(exponents: Exponents): number {
  return exponents === null ? 0 : -Math.LN2 * exponents.reduce((sum, exponent) => sum + exponent, 0);
}
