import { timesPower } from "../linear-algebra/powers-of-two.ts";
import type { Blend } from "./blend.ts";
import type { Covariances, EstimatedCovariances, Floored, Singular } from "./covariance.ts";

// What diag (k × d) and spherical (k) have in common: a list of variances, `perComponent` of each component.

export function factorizeVariances(variances: Float64Array, perComponent: number): Float64Array | Singular {
  const collapsed = variances.findIndex((variance) => !(variance > 0 && variance < Number.POSITIVE_INFINITY));
  if (collapsed >= 0) return { collapsed: Math.floor(collapsed / perComponent), rank: collapsed % perComponent };
  return variances.map(inverseRoot);
}

function inverseRoot(variance: number): number {
  return 1 / Math.sqrt(variance);
}

/** in: variances as estimated; least, variances that stand in for those that are not positive */
export function estimatedVariances(
  variances: Float64Array,
  components: number,
  least: (index: number) => number,
): EstimatedCovariances {
  const singular = new Uint8Array(components);
  const perComponent = variances.length / components;
  const factors = variances.map((variance, i) => {
    if (!(variance <= 0)) return inverseRoot(variance);
    singular[Math.floor(i / perComponent)] = 1;
    return inverseRoot(least(i));
  });
  return { packedCovariances: variances, factors, inflations: new Float64Array(components).fill(1), singular };
}

/** Raises variances to their floor, then adds the ridge. out: the components a floor changed */
export function regularizeVariances(
  { packedCovariances, factors }: Covariances,
  perComponent: number,
  floor: (index: number) => number,
  ridgeAt: (index: number) => number,
): Floored[] {
  const raised = new Map<number, number>();
  for (let i = 0; i < packedCovariances.length; i++) {
    const least = floor(i);
    const ridge = ridgeAt(i);
    const low = least > 0 && !(packedCovariances[i] >= least);
    const component = Math.floor(i / perComponent);
    if (low) raised.set(component, (raised.get(component) ?? 0) + 1);
    if (!low && ridge === 0) continue;
    packedCovariances[i] = (low ? least : packedCovariances[i]) + ridge;
    factors[i] = inverseRoot(packedCovariances[i]);
  }
  return [...raised].map(([component, count]) => ({ component, rank: perComponent - count }));
}

/** max_j δ_j²/Σ_jj of every component. in: shifts, variances k × d; masses k. out: k */
export function movesOfEach(shifts: Float64Array, masses: Float64Array, variances: Float64Array): Float64Array {
  const features = shifts.length / masses.length;
  const moves = new Float64Array(masses.length);
  for (let i = 0; i < shifts.length; i++) {
    const component = Math.floor(i / features);
    if (shifts[i] !== 0) moves[component] = Math.max(moves[component], square(shifts[i]) / Math.max(variances[i], 0));
  }
  return moves;
}

function square(value: number): number {
  return value * value;
}

/** max v_old/v_new of every component. out: k */
export function shrinkagesOfVariances(before: Covariances, after: Covariances, components: number): Float64Array {
  const perComponent = before.packedCovariances.length / components;
  const shrinkages = new Float64Array(components);
  for (let i = 0; i < before.packedCovariances.length; i++) {
    const component = Math.floor(i / perComponent);
    shrinkages[component] = Math.max(shrinkages[component], before.packedCovariances[i] * square(after.factors[i]));
  }
  return shrinkages;
}

/** One variance for several features takes the squares of all of them. */
export function blendVariances(data: Covariances, prior: Covariances, shares: Blend): Covariances {
  const components = shares.data.length;
  const perComponent = prior.packedCovariances.length;
  const features = shares.offsets.length / components;
  const variances = data.packedCovariances.map((variance, i) => {
    const component = Math.floor(i / perComponent);
    const share = shares.data[component];
    const first = component * features + (i % perComponent);
    const offsets = shares.offsets.subarray(first, first + features / perComponent);
    const squared = offsets.reduce((sum, offset) => sum + square(offset), 0);
    const known = shares.prior[component] * prior.packedCovariances[i % perComponent];
    return (share > 0 ? share * Math.max(variance, 0) : 0) + known + shares.outer[component] * squared;
  });
  return { packedCovariances: variances, factors: variances.map(inverseRoot) };
}

/** Σ_j v_j w_j² of every component. out: k */
export function spreadsOfVariances(
  factors: Float64Array,
  { packedCovariances }: Covariances,
  components: number,
  features: number,
): Float64Array {
  const spreads = new Float64Array(components);
  const perComponent = factors.length / components;
  factors.forEach((factor, i) => {
    spreads[Math.floor(i / perComponent)] += (features / perComponent) * packedCovariances[i] * square(factor);
  });
  return spreads;
}

export function rescaleVariances(
  { packedCovariances, factors }: Covariances,
  exponentAt: (index: number) => number,
): Covariances {
  return {
    packedCovariances: packedCovariances.map((value, i) => timesPower(timesPower(value, exponentAt(i)), exponentAt(i))),
    factors: factors.map((value, i) => timesPower(value, -exponentAt(i))),
  };
}
