import type { ConstantPool } from "../../language/constants.ts";
import { type Lanes, type Variable, type Vector, vector } from "../../language/wasm.ts";

// Triangles of several components side by side: each lane of a vector has a component of its own, and every sum has the order that
// it has in covariance/ and linear-algebra/. A triangle is packed by rows, one vector for each entry.

/** What the code of triangles is made of. */
export interface TriangleSetting {
  /** f64 */
  readonly lanes: Lanes;
  readonly pool: ConstantPool;
  /** d */
  readonly features: number;
}

/** Two numbers with their upper 26 bits. */
export interface Halves {
  readonly a: Variable<"v128">;
  readonly aHigh: Variable<"v128">;
  readonly b: Variable<"v128">;
  readonly bHigh: Variable<"v128">;
}

export function upperHalf({ lanes, pool }: TriangleSetting, value: Variable<"v128">): Vector {
  const high = vector(lanes.mul(value, pool.splat(2 ** 27 + 1)));
  return lanes.sub(high, lanes.sub(high, value));
}

/** As `twoProductError`; not finite where that gives 0 because its halves overflow. */
export function errorOfProduct({ lanes }: TriangleSetting, { a, aHigh, b, bHigh }: Halves, product: Vector): Vector {
  const { sub, mul } = lanes;
  const [aLow, bLow] = [vector(sub(a, aHigh)), vector(sub(b, bHigh))];
  const high = sub(sub(sub(product, mul(aHigh, bHigh)), mul(aLow, bHigh)), mul(aHigh, bLow));
  return sub(mul(aLow, bLow), high);
}

/** As `twoSumError`. */
export function errorOfSum({ lanes }: TriangleSetting, a: Vector, b: Vector, sum: Vector): Vector {
  const { sub, add } = lanes;
  const virtual = vector(sub(sum, a));
  return add(sub(a, sub(sum, virtual)), sub(b, virtual));
}
