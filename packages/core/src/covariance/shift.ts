import { multiplyTriangle } from "../linear-algebra/cholesky.ts";
import { add, type CompensatedSums } from "../linear-algebra/compensated-sum.ts";
import { triangleRow } from "../linear-algebra/triangle.ts";
import { twoProductError } from "../linear-algebra/two-product.ts";

// Scatters, moved from the pivot to the new mean, which lies δ away: S − N δδᵀ, with δ in two doubles, shift + rest.

/** φ = F δ, or δ where there is no frame. */
export function framedShift(shift: Float64Array, frame: Float64Array | null): Float64Array {
  if (frame === null) return shift;
  const out = new Float64Array(shift.length);
  multiplyTriangle(frame, 0, shift, out);
  return out;
}

/** packed −= mass · (shift + rest)(shift + rest)ᵀ */
export function subtractOuter(packed: CompensatedSums, mass: number, shift: Float64Array, rest: Float64Array): void {
  for (let i = 0; i < shift.length; i++) {
    for (let j = 0; j <= i; j++) subtractProduct(packed, triangleRow(i) + j, mass, shift, rest, i, j);
  }
}

/**
 * to[index] −= mass · δ_i δ_j with δ = shift + rest, to twice the digits: what S − N δδᵀ cancels shall have been there.
 */
export function subtractProduct(
  to: CompensatedSums,
  index: number,
  mass: number,
  shift: Float64Array,
  rest: Float64Array,
  i: number,
  j: number,
): void {
  const product = shift[i] * shift[j];
  const left = twoProductError(shift[i], shift[j], product) + (shift[i] * rest[j] + rest[i] * shift[j]);
  const value = mass * product;
  add(to, index, -value);
  to.errors[index] -= twoProductError(mass, product, value) + mass * left;
}
