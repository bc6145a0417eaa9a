import { type Covariances, owners, packedOf, type Shape } from "./covariances.ts";
import { matrixForm } from "./forms.ts";

// The public shapes of covariances and factors, which are those of scikit-learn: a triangle d × d, a diagonal d, a
// scalar 1. There are k of them, or one if components share it.

/** How many numbers the public covariances have. */
export function publicLength(shape: Shape): number {
  return owners(shape).length * matrixForm(shape.covarianceType).publicLength(shape.features);
}

/** Public `covariances`. */
export function expandCovariances(
  { packedCovariances }: Pick<Covariances, "packedCovariances">,
  shape: Shape,
): Float64Array {
  const form = matrixForm(shape.covarianceType);
  return joinMatrices(shape, (component) =>
    form.expandCovariance(packedOf(packedCovariances, shape, component), shape.features),
  );
}

/** Public `precisionsCholesky`: upper triangular U = Wᵀ, U Uᵀ = Σ⁻¹. */
export function expandFactors({ factors }: Pick<Covariances, "factors">, shape: Shape): Float64Array {
  const form = matrixForm(shape.covarianceType);
  return joinMatrices(shape, (component) => form.expandFactor(packedOf(factors, shape, component), shape.features));
}

/** The inverse of `expandCovariances`. */
export function packCovariances(covariances: Float64Array, shape: Shape): Float64Array {
  const form = matrixForm(shape.covarianceType);
  return joinMatrices(shape, (_, index) => form.pack(publicMatrix(covariances, shape, index), shape.features));
}

/** One of the matrices of public covariances, as a view. */
export function publicMatrix(covariances: Float64Array, shape: Shape, index: number): Float64Array {
  const length = matrixForm(shape.covarianceType).publicLength(shape.features);
  return covariances.subarray(index * length, (index + 1) * length);
}

/** The numbers of every matrix, one matrix after the other. */
function joinMatrices(shape: Shape, of: (component: number, index: number) => Float64Array): Float64Array {
  const parts = owners(shape).map(([component], index) => of(component, index));
  const out = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    out.set(part, start);
    start += part.length;
  }
  return out;
}
