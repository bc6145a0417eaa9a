import { twoProductError } from "../elementary/rounding.ts";
import { multiplyTriangle } from "../linear-algebra/cholesky.ts";
import { add, type CompensatedSums } from "../linear-algebra/compensated-sum.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import { triangleRow } from "../linear-algebra/triangle.ts";
import type { ScatterPart } from "./matrix.ts";

// Moves scatters from the pivot to the new mean, which is δ away: S − N δδᵀ, with δ as two doubles.

/** φ = F δ, or δ if there is no frame. */
export function framedPart(part: ScatterPart, frame: Float64Array | null): ScatterPart {
  if (frame === null) return part;
  const turn = (vector: Float64Array) => {
    const out = zeros(vector.length);
    multiplyTriangle(frame, 0, vector, out);
    return out;
  };
  return { mass: part.mass, shift: turn(part.shift), shiftRest: turn(part.shiftRest) };
}

/** packed −= N δδᵀ */
export function subtractOuter(packed: CompensatedSums, part: ScatterPart): void {
  for (let i = 0; i < part.shift.length; i++) {
    for (let j = 0; j <= i; j++) subtractProduct(packed, triangleRow(i) + j, part, i, j);
  }
}

/** squares −= N δ_j², for as many features as there are sums, in turn */
export function subtractSquares(squares: CompensatedSums, part: ScatterPart): void {
  const count = squares.sums.length;
  for (let j = 0; j < part.shift.length; j++) subtractProduct(squares, j % count, part, j, j);
}

/** to[index] −= N δ_i δ_j, to twice the digits, so that the subtraction S − N δδᵀ loses none. */
function subtractProduct(
  to: CompensatedSums,
  index: number,
  { mass, shift, shiftRest: rest }: ScatterPart,
  i: number,
  j: number,
): void {
  const product = shift[i] * shift[j];
  const left = twoProductError(shift[i], shift[j], product) + (shift[i] * rest[j] + rest[i] * shift[j]);
  const value = mass * product;
  add(to, index, -value);
  to.errors[index] -= twoProductError(mass, product, value) + mass * left;
}
