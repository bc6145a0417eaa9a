import { compensatedSums, rounded } from "../linear-algebra/compensated-sum.ts";
import { triangleLength } from "../linear-algebra/triangle.ts";
import { blendMatrix } from "./blend.ts";
import type { CovarianceForm, Moments } from "./covariance.ts";
import { estimateMatrix, greatestRow, inflationOf, shrinkageOf, spreadOf, widths } from "./estimate.ts";
import { regularizeMatrices } from "./floor.ts";
import { full } from "./full.ts";
import {
  diagonals,
  expandSymmetric,
  expandTransposed,
  factorizeMatrices,
  isotropicMatrices,
  packMatrices,
  repeated,
  rescaleMatrices,
} from "./matrices.ts";
import { framedShift, subtractOuter } from "./shift.ts";

/** One covariance matrix for all: Σ = (S − Σ_c N_c δ_c δ_cᵀ)/Σ_c N_c, S summed over components about their own pivots. */
export const tied: CovarianceForm = {
  parameterCount: (_components, features) => triangleLength(features),

  estimate(moments) {
    const { components } = moments.layout;
    const { scatter, scales, least, frame } = pooled(moments);
    const { covariance, factor, inflation, singular } = estimateMatrix(scatter, frame, scales, least);
    return {
      packedCovariances: covariance,
      factors: factor,
      inflations: new Float64Array(components).fill(inflation),
      singular: new Uint8Array(components).fill(Number(singular)),
    };
  },

  blend: (data, prior, shares) => blendMatrix(data, prior, shares, 0, [...shares.outer.keys()]),
  spreads: (factors, of, components, features) =>
    new Float64Array(components).fill(spreadOf(factors, of.factors, features, 0)),

  keep() {},

  copy() {},
  regularize: (covariances, _components, features, rule) => regularizeMatrices(covariances, 1, features, rule),
  factorize: (covariances, _components, features) => factorizeMatrices(covariances, 1, features),
  inflations: ({ packedCovariances, factors }, components, features) =>
    new Float64Array(components).fill(inflationOf(packedCovariances, factors, features)),

  moves(shifts, masses, variances) {
    const features = variances.length / masses.length;
    const squares = new Float64Array(features);
    let total = 0;
    for (let i = 0; i < shifts.length; i++) squares[i % features] += masses[Math.floor(i / features)] * shifts[i] ** 2;
    for (const mass of masses) total += mass;
    const most = squares.reduce((worst, square, j) => Math.max(worst, square / (total * variances[j])), 0);
    return new Float64Array(masses.length).fill(most);
  },

  shrinkages: (before, after, components, features) =>
    new Float64Array(components).fill(shrinkageOf({ ...before, offset: 0 }, { ...after, offset: 0 }, features)),
  greatestRow: (factors, _component, steps) => greatestRow(factors, steps),
  widths: ({ packedCovariances, factors }, _component, steps) => widths(packedCovariances, factors, steps),
  variances: (covariances, components, features) => repeated(diagonals(covariances, 1, features), components),
  factorDiagonal: (factors, _component, features) => diagonals(factors, 1, features),
  rescale: rescaleMatrices,
  expandCovariances: (covariances, _components, features) => expandSymmetric(covariances, 1, features),
  expandFactors: (factors, _components, features) => expandTransposed(factors, 1, features),
  pack: (covariances, _components, features) => packMatrices(covariances, 1, features),
  isotropic: (variance, _components, features) => isotropicMatrices(variance, 1, features),
  publicLength: (_components, features) => features * features,
  scale: (covariances, _component, normals, out) => full.scale(covariances, 0, normals, out),
  whiten: (factors, _component, vector, out) => full.whiten(factors, 0, vector, out),
};

/** The mean scatter of all components about their new means, in the one frame that they share. */
function pooled({ slot, layout, shifts, shiftRests, frames, least }: Moments) {
  const { components, features, responsibilitySums, scatter: start } = layout;
  const scatter = compensatedSums(layout.length - start, slot.slice(start));
  const frame = frames.framed.some((flag) => flag > 0) ? frames.factors : null;
  const smallest = new Float64Array(features).fill(Number.POSITIVE_INFINITY);
  const sums = diagonals(scatter.sums, 1, features);
  let total = 0;
  for (let component = 0; component < components; component++) {
    const mass = slot[responsibilitySums + component];
    if (mass === 0) continue;
    total += mass;
    const row = component * features;
    const [shift, rest] = [shifts, shiftRests].map((of) => framedShift(of.subarray(row, row + features), frame));
    subtractOuter(scatter, mass, shift, rest);
    for (let j = 0; j < features; j++) smallest[j] = Math.min(smallest[j], least[row + j]);
  }
  const mean = (sum: number) => sum / total;
  return { scatter: rounded(scatter).map(mean), scales: sums.map(mean), least: smallest, frame };
}
