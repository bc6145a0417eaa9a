import { diagonalsOf, matrixOf } from "../../covariance/covariances.ts";
import { matrixForm } from "../../covariance/forms.ts";
import { covarianceRow } from "../../covariance/types.ts";
import { powerOfTwo } from "../../elementary/binary.ts";
import { zeros } from "../../linear-algebra/doubles.ts";
import { exponentOf } from "../../linear-algebra/powers-of-two.ts";
import type { ComponentEstimates } from "../estimate.ts";
import type { Resolution } from "./resolution.ts";
import type { Verdict } from "./verdict.ts";

/** From here on, a covariance shows the rounding, not the data. */
export const COLLAPSED: number = 1 / 4;
/** From here on, rounding is visible in a covariance. */
export const NEAR: number = 1 / 32;

/** The components whose covariance, before any floor, is near the resolution of the data or below it. */
export function verdicts(given: ComponentEstimates, resolution: Resolution): Verdict[] {
  const { layout } = given.statistics;
  const variances = diagonalsOf(given.packedCovariances, layout);
  const steps = zeros(layout.features);
  const found: Verdict[] = [];
  let present = 0;
  for (let component = 0; component < layout.components; component++) {
    if (!(given.masses[component] > 0)) continue;
    present++;
    setSteps(given, { variances, component }, resolution, steps);
    const thinnest = given.singular[component] ? Number.POSITIVE_INFINITY : thinness(given, component, steps);
    if (thinnest < NEAR) continue;
    const own = variances.subarray(component * layout.features, (component + 1) * layout.features);
    found.push({ component, resolution: thinnest, rank: rankOf(given, component, steps, own) });
  }
  if (!covarianceRow(layout.covarianceType).shared) return found;
  // A shared covariance has collapsed only if the data of no component can distinguish it from 0.
  if (found.length < present) return [];
  const least = found.toSorted((a, b) => a.resolution - b.resolution).slice(0, 1);
  return least.map((verdict) => ({ ...verdict, component: 0 }));
}

/**
 * h_j: the spacing of stored numbers at the component, or a quarter of a granularity that the user states. A
 * granularity has a floor of its own, and what that floor does not touch has not collapsed.
 * in: variances, k × d. out: own, d
 */
function setSteps(
  { means }: ComponentEstimates,
  { variances, component }: { readonly variances: Float64Array; readonly component: number },
  { steps, epsilon }: Resolution,
  own: Float64Array,
): void {
  for (let j = 0, at = component * steps.length; j < own.length; j++, at++) {
    own[j] = stepAt(means[at], variances[at], steps[j], epsilon);
  }
}

/** h of a feature. in: mean and variance there; step and epsilon, as of `Resolution` */
export function stepAt(mean: number, variance: number, step: number, epsilon: number): number {
  const size = Math.abs(mean) + 2 * Math.sqrt(Math.max(variance, 0));
  return Math.max(COLLAPSED * step, epsilon * powerOfTwo(exponentOf(size)));
}

/** max_i √(Σ_j (W_ij h_j)²/12) */
function thinness(given: ComponentEstimates, component: number, steps: Float64Array): number {
  const { layout } = given.statistics;
  const { factor } = matrixOf(given, layout, component);
  return thinnessOf(matrixForm(layout.covarianceType).greatestRow(factor, steps));
}

/** in: max_i Σ_j (W_ij h_j)² */
export function thinnessOf(greatestRow: number): number {
  return Math.sqrt(greatestRow / 12);
}

/**
 * The number of directions that are wider than the rounding of the data. A singular covariance has the factor of a
 * slightly larger matrix; there, a direction must also be wider than what was added. in: steps h and variances, d
 */
function rankOf(given: ComponentEstimates, component: number, steps: Float64Array, variances: Float64Array): number {
  const { layout } = given.statistics;
  const { features, covarianceType } = layout;
  const added = given.inflations[component] === Number.POSITIVE_INFINITY ? nudgeOf(features) : 0;
  const least = steps.map((step, j) =>
    Math.max(step / Math.sqrt(12), COLLAPSED * added * Math.sqrt(Math.max(variances[j], 0))),
  );
  const wide = least.map((step) => step / COLLAPSED);
  const rank = matrixForm(covarianceType).rank(matrixOf(given, layout, component), wide);
  return given.singular[component] ? Math.min(rank, features - 1) : rank;
}

/** The width that a direction without width gets when the diagonal is raised: twice √(2 · 16dε) of the spread. */
function nudgeOf(features: number): number {
  return 2 * Math.sqrt(32 * features * Number.EPSILON);
}
