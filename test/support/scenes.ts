import { type CovarianceType, type FlatPoints, GaussianMixture } from "@emix/core";
import fc from "fast-check";
import { COVARIANCE_TYPES, covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";

export { COVARIANCE_TYPES };

/** The types whose covariances have correlations. */
export const CORRELATED_TYPES: readonly CovarianceType[] = COVARIANCE_TYPES.filter(
  (type) => covarianceRow(type).matrix === "triangle",
);

/** Points drawn from one mixture, and another, near it, for EM to start from. */
export interface Scene {
  readonly covarianceType: CovarianceType;
  readonly components: number;
  readonly features: number;
  readonly count: number;
  readonly points: FlatPoints;
  readonly start: GaussianMixture;
  /** for what else a law wants to draw */
  readonly seed: number;
}

export interface SceneLimits {
  readonly types?: readonly CovarianceType[];
  readonly components?: number;
  readonly features?: number | { readonly least: number; readonly most: number };
  readonly count?: number;
}

export function scenes(limits: SceneLimits = {}): fc.Arbitrary<Scene> {
  const { types = COVARIANCE_TYPES, components = 4, features = 4, count = 150 } = limits;
  const { least, most } = typeof features === "number" ? { least: 1, most: features } : features;
  return fc
    .record({
      covarianceType: fc.constantFrom(...types),
      components: fc.integer({ min: 1, max: components }),
      features: fc.integer({ min: least, max: most }),
      extra: fc.integer({ min: 0, max: count }),
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    })
    .map(({ extra, ...given }) => scene({ ...given, count: 20 * given.components * given.features + extra }));
}

function scene(given: Omit<Scene, "points" | "start">): Scene {
  const { seed, covarianceType, components, features, count } = given;
  const truth = mixtureOf(covarianceType, components, features, randomStream(seed, "truth"));
  const points = { data: truth.sample(count, { seed }).points, features };
  return { ...given, points, start: nudged(truth, randomStream(seed, "start")) };
}

/** A well-conditioned mixture: means of spread 3, covariances around 1. */
export function mixtureOf(
  covarianceType: CovarianceType,
  components: number,
  features: number,
  random: Random,
): GaussianMixture {
  const raw = Array.from({ length: components }, () => 0.3 + random.uniform());
  const total = raw.reduce((sum, value) => sum + value, 0);
  const means = Array.from({ length: components * features }, () => 3 * random.normal());
  const { matrix, shared } = covarianceRow(covarianceType);
  const variances = (count: number) => Array.from({ length: count }, () => 0.2 + 2 * random.uniform());
  const covariance = {
    triangle: () => covarianceMatrix(features, random),
    diagonal: () => variances(features),
    scalar: () => variances(1),
  }[matrix];
  const covariances = Array.from({ length: shared ? 1 : components }, covariance).flat();
  return GaussianMixture.fromParameters({
    weights: raw.map((value) => value / total),
    means,
    covariances,
    covarianceType,
  });
}

/** variance · I for every component that has a covariance, in the public shape of a type. */
export function roundCovariances(
  variance: number,
  { components, features, covarianceType }: Pick<Scene, "components" | "features" | "covarianceType">,
): number[] {
  const { matrix, shared } = covarianceRow(covarianceType);
  const one = {
    triangle: Array.from({ length: features ** 2 }, (_, i) => (i % (features + 1) === 0 ? variance : 0)),
    diagonal: new Array<number>(features).fill(variance),
    scalar: [variance],
  }[matrix];
  return Array.from({ length: shared ? 1 : components }, () => one).flat();
}

/** A Aᵀ/d + 0.2·I, d × d row-major. */
export function covarianceMatrix(features: number, random: Random): number[] {
  const a = Array.from({ length: features * features }, () => random.normal());
  return Array.from({ length: features * features }, (_, index) => {
    const i = Math.floor(index / features);
    const j = index % features;
    let sum = 0;
    for (let l = 0; l < features; l++) sum += a[i * features + l] * a[j * features + l];
    return sum / features + (i === j ? 0.2 : 0);
  });
}

function nudged(truth: GaussianMixture, random: Random): GaussianMixture {
  const { components, covarianceType } = truth;
  return GaussianMixture.fromParameters({
    weights: new Float64Array(components).fill(1 / components),
    means: truth.means.map((mean) => mean + 0.7 * random.normal()),
    covariances: truth.covariances.map((value) => 1.5 * value),
    covarianceType,
  });
}

/** The rows of points in another order. */
export function reordered({ data, features }: FlatPoints, order: readonly number[]): FlatPoints {
  const out = new Float64Array(order.length * features);
  order.forEach((from, to) => {
    out.set(data.subarray(from * features, (from + 1) * features), to * features);
  });
  return { data: out, features };
}

/** 0 … count − 1, shuffled. */
export function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
