import { invertTriangle, multiplyTriangle } from "../linear-algebra/cholesky.ts";
import { compensatedSums, rounded } from "../linear-algebra/compensated-sum.ts";
import { triangleLength } from "../linear-algebra/triangle.ts";
import { blendMatrix } from "./blend.ts";
import type { CovarianceForm } from "./covariance.ts";
import { estimateMatrix, greatestRow, inflationOf, shrinkageOf, spreadOf, widths } from "./estimate.ts";
import { regularizeMatrices } from "./floor.ts";
import {
  diagonals,
  expandSymmetric,
  expandTransposed,
  factorizeMatrices,
  isotropicMatrices,
  packMatrices,
  rescaleMatrices,
} from "./matrices.ts";
import { framedShift, subtractOuter } from "./shift.ts";
import { movesOfEach } from "./variances.ts";

/** A covariance matrix for every component: Σ_c = S_c/N_c − δ_c δ_cᵀ. */
export const full: CovarianceForm = {
  parameterCount: (components, features) => components * triangleLength(features),

  estimate({ slot, layout, shifts, shiftRests, frames, least }) {
    const { components, features, responsibilitySums, scatter: start } = layout;
    const length = triangleLength(features);
    const estimated = {
      packedCovariances: new Float64Array(components * length),
      factors: new Float64Array(components * length),
      inflations: new Float64Array(components),
      singular: new Uint8Array(components),
    };
    for (let component = 0; component < components; component++) {
      const mass = slot[responsibilitySums + component];
      const own = component * length;
      const row = component * features;
      const frame = frames.framed[component] > 0 ? frames.factors.subarray(own, own + length) : null;
      const sums = slot.slice(start + own, start + own + length);
      const scales = diagonals(sums, 1, features).map((sum) => sum / mass);
      const [shift, rest] = [shifts, shiftRests].map((of) => framedShift(of.subarray(row, row + features), frame));
      const moved = compensatedSums(length, sums);
      subtractOuter(moved, mass, shift, rest);
      const scatter = rounded(moved).map((sum) => sum / mass);
      const matrix = estimateMatrix(scatter, frame, scales, least.subarray(row, row + features));
      estimated.packedCovariances.set(matrix.covariance, own);
      estimated.factors.set(matrix.factor, own);
      estimated.inflations[component] = matrix.inflation;
      estimated.singular[component] = Number(matrix.singular);
    }
    return estimated;
  },

  blend(data, prior, shares) {
    const components = shares.data.length;
    const features = shares.offsets.length / components;
    const length = triangleLength(features);
    const blended = {
      packedCovariances: new Float64Array(components * length),
      factors: new Float64Array(components * length),
    };
    for (let component = 0; component < components; component++) {
      const { packedCovariances, factors } = blendMatrix(data, prior, shares, component, [component]);
      blended.packedCovariances.set(packedCovariances, component * length);
      blended.factors.set(factors, component * length);
    }
    return blended;
  },

  spreads: (factors, of, components, features) =>
    Float64Array.from({ length: components }, (_, component) =>
      spreadOf(factors, of.factors, features, component * triangleLength(features)),
    ),

  keep(to, from, component, features) {
    const own = component * triangleLength(features);
    const end = own + triangleLength(features);
    to.packedCovariances.set(from.packedCovariances.subarray(own, end), own);
    to.factors.set(from.factors.subarray(own, end), own);
  },

  copy(covariances, from, to, features) {
    const length = triangleLength(features);
    for (const values of [covariances.packedCovariances, covariances.factors]) {
      values.copyWithin(to * length, from * length, (from + 1) * length);
    }
  },

  regularize: regularizeMatrices,
  factorize: factorizeMatrices,
  inflations: ({ packedCovariances, factors }, components, features) =>
    Float64Array.from({ length: components }, (_, component) =>
      inflationOf(packedCovariances, factors, features, component * triangleLength(features)),
    ),
  moves: movesOfEach,
  shrinkages: (before, after, components, features) =>
    Float64Array.from({ length: components }, (_, component) => {
      const offset = component * triangleLength(features);
      return shrinkageOf({ ...before, offset }, { ...after, offset }, features);
    }),
  greatestRow: (factors, component, steps) =>
    greatestRow(factors.subarray(component * triangleLength(steps.length)), steps),
  widths: ({ packedCovariances, factors }, component, steps) => {
    const own = component * triangleLength(steps.length);
    return widths(packedCovariances.subarray(own), factors.subarray(own, own + triangleLength(steps.length)), steps);
  },
  variances: diagonals,
  factorDiagonal: (factors, component, features) =>
    diagonals(factors.subarray(component * triangleLength(features)), 1, features),
  rescale: rescaleMatrices,
  expandCovariances: expandSymmetric,
  expandFactors: expandTransposed,
  pack: packMatrices,
  isotropic: isotropicMatrices,
  publicLength: (components, features) => components * features * features,

  scale({ factors }, component, normals, out) {
    const length = triangleLength(normals.length);
    const own = component * length;
    multiplyTriangle(invertTriangle(factors.subarray(own, own + length), normals.length), 0, normals, out);
  },

  whiten: (factors, component, vector, out) =>
    multiplyTriangle(factors, component * triangleLength(vector.length), vector, out),
};
