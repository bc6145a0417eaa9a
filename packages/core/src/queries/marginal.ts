import { packedOf } from "../covariance/covariances.ts";
import { covarianceRow, type MatrixKind } from "../covariance/types.ts";
import { invalidOption } from "../errors.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import { factorizeMixture, type Mixture } from "../mixture/mixture.ts";

/** The mixture of some features, in the order in which they are listed. @throws INVALID_OPTION */
export function marginal(mixture: Mixture, chosen: readonly number[]): Mixture {
  const { features, weights, covarianceType, components, means, meansResidual } = mixture;
  requireFeatures("features", chosen, features);
  const { matrix, shared } = covarianceRow(covarianceType);
  const owners = shared ? 1 : components;
  const parts = Array.from({ length: owners }, (_, owner) =>
    PART[matrix](packedOf(mixture.packedCovariances, mixture, owner), chosen),
  );
  return factorizeMixture({
    ...{ components, features: chosen.length, covarianceType, weights },
    means: columns(means, features, chosen),
    meansResidual: columns(meansResidual, features, chosen),
    packedCovariances: Float64Array.from(parts.flatMap((part) => [...part])),
  });
}

/** The part of a packed covariance. */
const PART: Readonly<Record<MatrixKind, (packed: Float64Array, chosen: readonly number[]) => Float64Array>> = {
  triangle(packed, chosen) {
    const part = new Float64Array(triangleLength(chosen.length));
    chosen.forEach((first, i) => {
      for (let j = 0; j <= i; j++) {
        const [row, column] = [Math.max(first, chosen[j]), Math.min(first, chosen[j])];
        part[triangleRow(i) + j] = packed[triangleRow(row) + column];
      }
    });
    return part;
  },
  diagonal: (packed, chosen) => Float64Array.from(chosen, (feature) => packed[feature]),
  scalar: (packed) => packed.slice(),
};

function columns(values: Float64Array, features: number, chosen: readonly number[]): Float64Array {
  const rows = values.length / features;
  return Float64Array.from({ length: rows * chosen.length }, (_, i) => {
    return values[Math.floor(i / chosen.length) * features + chosen[i % chosen.length]];
  });
}

/** Checks a list of features. in: name, of the option that lists them. @throws INVALID_OPTION */
export function requireFeatures(name: string, chosen: readonly number[], features: number): void {
  const known = Array.isArray(chosen) && chosen.every((one) => Number.isInteger(one) && one >= 0 && one < features);
  if (!known || chosen.length === 0 || new Set(chosen).size < chosen.length) {
    throw invalidOption(name, `an array of different features, from 0 to ${features - 1}`, chosen);
  }
}
