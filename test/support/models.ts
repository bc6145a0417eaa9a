import { type CovarianceType, GaussianMixture } from "@emix/core";
import type { Model } from "@emix/io";
import { randomStream } from "../../packages/core/src/random.ts";
import { mixtureOf } from "./scenes.ts";

export interface ModelShape {
  readonly type: CovarianceType;
  readonly components?: number;
  readonly features?: number;
  /** added to every mean */
  readonly offset?: number;
}

/** A mixture whose means have low words, as those of a fit have. */
export function fittedMixture({ type, components = 3, features = 2, offset = 0 }: ModelShape): GaussianMixture {
  const json = mixtureOf(type, components, features, randomStream(7, "models")).toJSON();
  const means = json.means.map((mean) => mean + offset);
  return GaussianMixture.fromJSON({ ...json, means, meansResidual: means.map((mean) => mean * 2 ** -56) });
}

/** The same with a posterior, as a variational fit leaves it. */
export function variationalMixture(shape: ModelShape, kind: "process" | "distribution"): GaussianMixture {
  const json = fittedMixture(shape).toJSON();
  const each = (from: number) => Array.from({ length: json.components }, (_, i) => from + 1.5 * i);
  return GaussianMixture.fromJSON({
    ...json,
    posterior: {
      weightConcentrationType: kind,
      weightConcentration: kind === "process" ? [...each(20), ...each(3)] : each(20),
      meanPrecision: each(11),
      degreesOfFreedom: each(json.features + 9),
    },
  });
}

/** All that a model can say. */
export function wholeModel({ parameters }: GaussianMixture): Model {
  return {
    mixture: parameters,
    columns: Array.from({ length: parameters.features }, (_, j) => (j === 0 ? "größe €" : `x${j}=log("y ${j}")`)),
    outliers: { probabilities: [0, 0.01, 0.5, 1], logDensities: [-40.5, -9.1, -4, -1 / 3] },
    fit: {
      version: "0.1.0",
      seed: 3,
      options: { components: parameters.components, prior: { mean: [1, -0] }, restarts: 2 },
      points: 1000,
      dropped: 2,
      fingerprint: "sha256:00",
      lowerBound: -2.7182817,
      converged: true,
      iterations: 3,
      seconds: 1.5,
      restart: 1,
      trace: [-5.1, -3, -2.71828169999],
      warnings: [{ code: "CONSTANT_FEATURE", feature: 1 }],
      kernel: { kind: "simd256", fused: true },
      reading: { header: true, delimiter: ";" },
      starts: [{ restart: 0, lowerBound: -3 }],
      selection: [{ components: 2, bic: 12.5 }],
    },
  };
}

/** Points around the means of a mixture. out: count × d, flat */
export function pointsNear(mixture: GaussianMixture, count: number): Float64Array {
  return mixture.sample(count, { seed: 11 }).points;
}

/** The largest |a − b| / (1 + |b|). */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]) / (1 + Math.abs(b[i]))), 0);
}
