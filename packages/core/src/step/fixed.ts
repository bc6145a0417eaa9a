import type { Estimate } from "../components/estimate.ts";
import { matrixOf, owners, packedCovariances, packedOf } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import type { Matrix } from "../covariance/matrix.ts";
import { sum } from "../linear-algebra/sum.ts";
import { copyWith, type Mixture } from "../mixture/mixture.ts";
import type { WarningCode } from "../warnings.ts";
import type { Maximum } from "./maximum.ts";

/** Parts of a mixture that stay as they are: a flag for each component, as plain data. */
export interface Fixed {
  readonly weights: Uint8Array;
  readonly means: Uint8Array;
  /** all alike where components share a covariance */
  readonly covariances: Uint8Array;
}

/**
 * The estimate with the fixed parts of the mixture in place of its own. A covariance about a fixed mean is Σ̂ + δδᵀ, where δ is the
 * distance of the mean that the points ask for (derivation.md §19).
 * in: mixture, with which the step began
 */
export function holdEstimate(expected: Estimate, mixture: Mixture, fixed: Fixed): Estimate {
  const { features } = mixture;
  const { layout } = expected.statistics;
  const changed = new Set<number>();
  const covariances = packedCovariances(layout, (group) => {
    const isFixed = fixed.covariances[group[0]] === 1;
    if (!isFixed && !group.some((component) => fixed.means[component] === 1))
      return matrixOf(expected, layout, group[0]);
    for (const component of group) changed.add(component);
    return isFixed ? matrixOf(mixture, layout, group[0]) : aboutFixedMeans(expected, mixture, group, fixed);
  });
  const keepFixed = (own: Float64Array, given: Float64Array) =>
    own.map((value, i) => (fixed.means[Math.floor(i / features)] === 1 ? given[i] : value));
  return {
    ...expected,
    ...covariances,
    limited: undefined,
    means: keepFixed(expected.means, mixture.means),
    meansResidual: keepFixed(expected.meansResidual, mixture.meansResidual),
    directions: expected.directions?.map((known, component) => (changed.has(component) ? undefined : known)),
    singular: expected.singular.map((singular, component) => (changed.has(component) ? 0 : singular)),
  };
}

function aboutFixedMeans(expected: Estimate, mixture: Mixture, group: readonly number[], { means }: Fixed): Matrix {
  const { layout } = expected.statistics;
  const { features, covarianceType } = layout;
  const form = matrixForm(covarianceType);
  const total = group.reduce((mass, component) => mass + expected.masses[component], 0);
  const away = group.filter((component) => means[component] === 1 && expected.masses[component] > 0);
  const outers = away.map((component) => ({
    share: expected.masses[component] / total / form.featuresPerVariance(features),
    vector: Float64Array.from({ length: features }, (_, j) => {
      const i = component * features + j;
      return expected.means[i] - mixture.means[i] + (expected.meansResidual[i] - mixture.meansResidual[i]);
    }),
  }));
  return form.adder(features)([{ ...matrixOf(expected, layout, group[0]), share: 1 }], outers);
}

/** Warnings about a covariance. */
const OF_COVARIANCES: ReadonlySet<WarningCode> = new Set([
  "SINGULAR_COVARIANCE",
  "COLLAPSED_COMPONENT",
  "NEAR_RESOLUTION",
]);

/** The next mixture with its fixed parts as they were, without warnings about them. */
export function holdMaximum({ mixture: next, warnings }: Maximum, mixture: Mixture, fixed: Fixed): Maximum {
  const ofFixed = (component: number | undefined) => component !== undefined && fixed.covariances[component] === 1;
  return {
    mixture: holdMixture(next, mixture, fixed),
    warnings: warnings.filter(({ code, component }) => !(OF_COVARIANCES.has(code) && ofFixed(component))),
  };
}

/** A mixture with the fixed parts of another, to the bit. The free weights add up to what the fixed ones leave. */
export function holdMixture(next: Mixture, mixture: Mixture, fixed: Fixed): Mixture {
  const { features } = mixture;
  const free = sum(next.weights.filter((_, component) => fixed.weights[component] === 0));
  const rest = Math.max(0, 1 - sum(mixture.weights.filter((_, component) => fixed.weights[component] === 1)));
  const shares = next.weights.map((weight, component) => {
    if (fixed.weights[component] === 1) return mixture.weights[component];
    return free > 0 ? (weight / free) * rest : weight;
  });
  const out = copyWith(next, shares);
  for (const group of owners(mixture)) {
    if (fixed.covariances[group[0]] === 0) continue;
    packedOf(out.packedCovariances, out, group[0]).set(packedOf(mixture.packedCovariances, mixture, group[0]));
    packedOf(out.factors, out, group[0]).set(packedOf(mixture.factors, mixture, group[0]));
  }
  for (let i = 0; i < out.means.length; i++) {
    if (fixed.means[Math.floor(i / features)] === 0) continue;
    out.means[i] = mixture.means[i];
    out.meansResidual[i] = mixture.meansResidual[i];
  }
  return out;
}
