import type { ConstantPool } from "./constants.ts";
import type { Lanes, VectorBytes } from "./wasm.ts";

/** Numbers of the arithmetic. */
export type Numbers = Float64Array | Float32Array;

/** What a module is made for, apart from its instructions. */
export interface Measures {
  readonly features: number;
  readonly tileSize: number;
  /** bytes of a number in the arithmetic */
  readonly bytes: 8 | 4;
  /** bytes of a vector */
  readonly vectorBytes: VectorBytes;
}

/** What the code of a module is made of. */
export interface Setting extends Measures {
  /** of the products and sums over points */
  readonly lanes: Lanes;
  /** of densities, responsibilities and totals: always f64 */
  readonly wide: Lanes;
  readonly pool: ConstantPool;
  readonly unrolled: boolean;
}
