import { type Covariances, covarianceForm } from "../../covariance/covariance.ts";
import { unregularized } from "../../covariance/regularization.ts";
import type { Prior } from "../../fit/prior.ts";
import { twoSumError } from "../../linear-algebra/compensated-sum.ts";
import { expectedWeights, type Posterior } from "../../mixture/posterior.ts";
import type { StatisticsLayout } from "../../statistics/sufficient-statistics.ts";
import type { Estimate } from "../estimate.ts";

type Shape = Pick<StatisticsLayout, "components" | "features" | "covarianceType">;

/**
 * An estimate from points → the mode of the posterior of its parameters, or in variational inference their expectations
 * (derivation.md eq. 32, 35 and 36); without a prior nothing changes. `masses` becomes what stands behind each
 * covariance, prior and points, and `shifts` what a move of a mean still weighs in it.
 */
export function updated(data: Estimate, prior: Prior | undefined): Estimate {
  if (prior === undefined) return data;
  const { layout } = data.statistics;
  const { components, features, covarianceType } = layout;
  const { masses } = data;
  const offsets = offsetsFrom(data, prior);
  const blended = blendedCovariances(data, prior, offsets);
  const inflations = covarianceForm(covarianceType).inflations(blended, components, features);
  const pseudo = pseudoCount(prior, layout) / (covarianceType === "tied" ? components : 1);
  const counts = masses.map((mass) => mass + pseudo);
  return {
    statistics: data.statistics,
    masses: counts,
    shares: sharesOf(masses, prior, layout),
    shifts: data.shifts.map((shift, i) => {
      const component = Math.floor(i / features);
      return shift * Math.sqrt(masses[component] / counts[component]);
    }),
    ...blendedMeans(data, prior, offsets),
    ...blended,
    // What is added to a scatter can only lessen the error of the sum.
    inflations: inflations.map((inflation, component) => Math.min(data.inflations[component], inflation)),
    // Where points and prior leave a direction without width, the data's resolution says so.
    singular: new Uint8Array(components),
    ...(prior.inference === "variational" && { posterior: posteriorOf(masses, prior, layout) }),
  };
}

/** What weights are proportional to. in: masses N, k. out: k */
export function sharesOf(masses: Float64Array, prior: Prior | undefined, shape: Shape): Float64Array {
  if (prior === undefined) return masses;
  if (prior.inference === "em") return masses.map((mass) => mass + (prior.weightConcentration - 1));
  return expectedWeights(posteriorOf(masses, prior, shape));
}

/**
 * Points that the prior is worth to a covariance: ν₀ of each component in variational inference, which tied ones add up;
 * to the mode the power of det W in the prior's density (eq. 31).
 */
export function pseudoCount(
  { inference, degreesOfFreedom }: Prior,
  { components, features, covarianceType }: Shape,
): number {
  if (inference === "variational") return covarianceType === "tied" ? components * degreesOfFreedom : degreesOfFreedom;
  switch (covarianceType) {
    case "full":
      return degreesOfFreedom + features + 2;
    case "tied":
      return degreesOfFreedom + features + components + 1;
    case "diag":
      return degreesOfFreedom + 3;
    case "spherical":
      return (degreesOfFreedom + features + 2) / features;
  }
}

/** How often Ψ₀ is in the scatter that a covariance is made of (eq. 32 and 36), as a variance where there is one. */
export function scatterCount({ inference }: Prior, { components, features, covarianceType }: Shape): number {
  if (inference === "em") return covarianceType === "spherical" ? 1 / features : 1;
  return covarianceType === "tied" ? components : 1;
}

/** The posterior but for its centre, which is the mixture (eq. 35). */
function posteriorOf(masses: Float64Array, prior: Prior, { components, covarianceType }: Shape): Posterior {
  const { weightConcentration, weightConcentrationType, meanPrecision, degreesOfFreedom } = prior;
  const concentrations = masses.map((mass) => weightConcentration + mass);
  const later = masses.map((_, component) => weightConcentration + sum(masses.subarray(component + 1)));
  const sticks = Float64Array.of(...masses.map((mass) => 1 + mass), ...later);
  const shared = sum(masses) / components;
  return {
    weightConcentrationType,
    weightConcentration: weightConcentrationType === "process" ? sticks : concentrations,
    meanPrecision: masses.map((mass) => meanPrecision + mass),
    degreesOfFreedom: masses.map((mass) => degreesOfFreedom + (covarianceType === "tied" ? shared : mass)),
  };
}

/** x̄ − m₀ of every component. out: k × d */
function offsetsFrom({ means, meansResidual }: Estimate, prior: Prior): Float64Array {
  const features = prior.means.length;
  return means.map(
    (mean, i) => mean - prior.means[i % features] + (meansResidual[i] - prior.meansResidual[i % features]),
  );
}

/** Eq. 32 and 36. The shares of ridge and points are added up before the prior meets them, as scikit-learn does. */
function blendedCovariances(data: Estimate, prior: Prior, offsets: Float64Array): Covariances {
  const { layout } = data.statistics;
  const { features, covarianceType } = layout;
  const { masses } = data;
  const total = sum(masses);
  const pseudo = pseudoCount(prior, layout);
  const own = (component: number) => (covarianceType === "tied" ? total : masses[component]);
  const perPoint = covarianceType === "spherical" ? features : 1;
  const shares = (share: (component: number, count: number) => number) =>
    masses.map((_, component) => share(component, own(component) + pseudo));
  const { meanPrecision } = prior;
  const form = covarianceForm(covarianceType);
  return form.blend(ridged(data, prior), prior.covariances, {
    data: shares((component, count) => own(component) / count),
    prior: shares((_, count) => scatterCount(prior, layout) / count),
    outer: shares((component, count) => {
      const mass = masses[component];
      return (meanPrecision * (mass / (meanPrecision + mass))) / (perPoint * count);
    }),
    offsets,
  });
}

function ridged(data: Estimate, { ridges }: Prior): Covariances {
  const { components, features, covarianceType } = data.statistics.layout;
  const { packedCovariances, factors } = data;
  if (!(ridges[0] > 0)) return { packedCovariances, factors };
  const copy = { packedCovariances: packedCovariances.slice(), factors: factors.slice() };
  covarianceForm(covarianceType).regularize(copy, components, features, { ...unregularized(features), ridges });
  return copy;
}

/** (N x̄ + β₀ m₀)/(N + β₀) as two doubles, from the nearer of both (eq. 32). */
function blendedMeans(
  { masses, means, meansResidual }: Estimate,
  prior: Prior,
  offsets: Float64Array,
): Pick<Estimate, "means" | "meansResidual"> {
  const features = prior.means.length;
  const blended = means.slice();
  const rest = meansResidual.slice();
  offsets.forEach((offset, i) => {
    const mass = masses[Math.floor(i / features)];
    const total = mass + prior.meanPrecision;
    const near = mass >= prior.meanPrecision;
    const base = near ? means[i] : prior.means[i % features];
    const step = near
      ? meansResidual[i] - offset * (prior.meanPrecision / total)
      : prior.meansResidual[i % features] + offset * (mass / total);
    blended[i] = base + step;
    rest[i] = twoSumError(base, step, blended[i]);
  });
  return { means: blended, meansResidual: rest };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
