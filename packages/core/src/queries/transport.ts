import { Matrix as Dense, SingularValueDecomposition } from "ml-matrix";
import { matrixOf } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { covarianceRow } from "../covariance/types.ts";
import { logarithm } from "../elementary/logarithm.ts";
import { featuresMismatch } from "../errors.ts";
import { triangleRow } from "../linear-algebra/triangle.ts";
import type { Mixture } from "../mixture/mixture.ts";

/**
 * Squared Bures–Wasserstein distances between the components of two mixtures, |μ − μ'|² + tr Σ + tr Σ' − 2 ‖LᵀL'‖ with
 * the nuclear norm (derivation.md eq. 53). out: k × m, row-major
 * @throws FEATURES_MISMATCH
 */
export function buresDistances(mixture: Mixture, other: Mixture): Float64Array {
  if (mixture.features !== other.features) throw featuresMismatch(mixture.features, other.features);
  const [ours, theirs] = [rootsOf(mixture), rootsOf(other)];
  const out = new Float64Array(ours.length * theirs.length);
  ours.forEach((own, c) => {
    theirs.forEach((one, b) => {
      const spread = squares(own) + squares(one) - 2 * nuclearNorm(own.transpose().mmul(one));
      out[c * theirs.length + b] = squaredDistance(mixture, c, other, b) + Math.max(0, spread);
    });
  });
  return out;
}

/** KL(component ‖ component of the other), in nats. out: k × m, row-major. @throws FEATURES_MISMATCH */
export function componentDivergences(mixture: Mixture, other: Mixture): Float64Array {
  const { features } = mixture;
  if (features !== other.features) throw featuresMismatch(features, other.features);
  const theirs = factorsOf(other);
  const [ours, logs] = [rootsOf(mixture), [logDeterminants(mixture), logDeterminants(other)]];
  const out = new Float64Array(ours.length * theirs.length);
  ours.forEach((own, c) => {
    theirs.forEach((factor, b) => {
      const away = new Dense(features, 1);
      for (let j = 0; j < features; j++) away.set(j, 0, difference(mixture, c, other, b, j));
      const spread = squares(factor.mmul(own)) + squares(factor.mmul(away));
      out[c * theirs.length + b] = Math.max(0, (spread - features) / 2 + logs[0][c] - logs[1][b]);
    });
  });
  return out;
}

/** −½ log det Σ of each component. */
function logDeterminants(mixture: Mixture): number[] {
  return factorsOf(mixture).map((factor) => {
    let log = 0;
    for (let j = 0; j < mixture.features; j++) log += logarithm(factor.get(j, j));
    return log;
  });
}

function rootsOf(mixture: Mixture): Dense[] {
  const form = matrixForm(mixture.covarianceType);
  return Array.from({ length: mixture.components }, (_, c) =>
    wholeMatrix(mixture, form.root(matrixOf(mixture, mixture, c), mixture.features)),
  );
}

function factorsOf(mixture: Mixture): Dense[] {
  return Array.from({ length: mixture.components }, (_, c) =>
    wholeMatrix(mixture, matrixOf(mixture, mixture, c).factor),
  );
}

/** A packed factor or root, as a whole matrix. */
function wholeMatrix({ features, covarianceType }: Mixture, packed: Float64Array): Dense {
  const full = Dense.zeros(features, features);
  const { matrix } = covarianceRow(covarianceType);
  for (let i = 0; i < features; i++) {
    if (matrix !== "triangle") full.set(i, i, packed[i % packed.length]);
    else for (let j = 0; j <= i; j++) full.set(i, j, packed[triangleRow(i) + j]);
  }
  return full;
}

function squares(matrix: Dense): number {
  return matrix.to1DArray().reduce((total, value) => total + value * value, 0);
}

function nuclearNorm(matrix: Dense): number {
  return new SingularValueDecomposition(matrix).diagonal.reduce((total, value) => total + value, 0);
}

function difference(mixture: Mixture, c: number, other: Mixture, b: number, j: number): number {
  const [i, o] = [c * mixture.features + j, b * mixture.features + j];
  return mixture.means[i] - other.means[o] + (mixture.meansResidual[i] - other.meansResidual[o]);
}

function squaredDistance(mixture: Mixture, c: number, other: Mixture, b: number): number {
  let total = 0;
  for (let j = 0; j < mixture.features; j++) total += difference(mixture, c, other, b, j) ** 2;
  return total;
}
