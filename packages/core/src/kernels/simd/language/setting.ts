import type { ConstantPool } from "./constants.ts";
import {
  type Address,
  advance,
  at,
  type Integer,
  integer,
  type Lanes,
  lessThan,
  plus,
  repeat,
  type VectorBytes,
} from "./wasm.ts";

/** Numbers of the arithmetic. */
export type Numbers = Float64Array | Float32Array;

/** What a module is made for, apart from its instructions. */
export interface Measures {
  readonly features: number;
  readonly tileSize: number;
  /** bytes of a number in the arithmetic */
  readonly bytes: 8 | 4;
  /** bytes of a vector of the code */
  readonly vectorBytes: VectorBytes;
}

/** What the code of a module is made of. */
export interface Setting extends Measures {
  /** the lanes of products and sums over points */
  readonly lanes: Lanes;
  /** the lanes of densities, responsibilities and totals: always f64 */
  readonly wide: Lanes;
  /** the same of a whole vector */
  readonly whole: Pick<Setting, "lanes" | "wide">;
  readonly pool: ConstantPool;
  readonly unrolled: boolean;
}

/**
 * Every sum over points has four partial sums, or eight in f32, whatever the vectors of the code: a whole vector. So the
 * width of the code changes no bit. M lists points by whole vectors; code of 128 bits then takes all first halves, and
 * after them all second ones, with as many sums in registers as it has.
 */
export const WHOLE_BYTES = 32;

/** in: treat: by how many bytes the half is off the start of a whole vector; 0 and a number if vectors are whole */
export function overHalves({ lanes }: Pick<Setting, "lanes">, treat: (half: Integer | number) => void): void {
  if (lanes.vectorBytes === WHOLE_BYTES) {
    treat(0);
    return;
  }
  const half = integer(0);
  repeat(() => {
    treat(half);
    advance(half, lanes.vectorBytes);
    return lessThan(half, WHOLE_BYTES);
  });
}

/** An address, of a half. */
export function halfAt({ pointer, offset }: Address, half: Integer | number): Address {
  return at(offset, half === 0 ? pointer : integer(plus(pointer, half)));
}
