import { LN2_HIGH, LN2_LOW, REMAINDER } from "../../../elementary/logarithm.ts";
import type { ConstantPool } from "../language/constants.ts";
import { and, integerAdd, integerSub, type Lanes, set, shiftRight, type Vector, vector } from "../language/wasm.ts";

// The formula of elementary/logarithm.ts for vectors. The result is within 1 ulp for normal x > 0, and exactly 0 at 1.

/** The bits of √½: subtracted from those of x, they leave n in the exponent. */
const ROOT_HALF_BITS = 0x3fe6a09e667f3bcdn;
/** 1075 and 2⁵², as the bits of a double whose integer part lies in its lowest bits */
const COUNTER_BITS = 0x4330000000000000n;
const COUNTER_BIAS = 2 ** 52 + 1023;
/** 1023 << 52, so that the difference above never turns negative */
const ONE_BITS = 0x3ff0000000000000n;
const MANTISSA_BITS = 0x000fffffffffffffn;

/** in: x, normal and positive */
export function logarithm({ add, sub, mul, div, madd, parted }: Lanes, pool: ConstantPool, x: Vector): Vector {
  const offset = vector(integerAdd(integerSub(x, pool.splatBits(ROOT_HALF_BITS)), pool.splatBits(ONE_BITS)));
  const n = vector(sub(integerAdd(shiftRight(offset, 52), pool.splatBits(COUNTER_BITS)), pool.splat(COUNTER_BIAS)));
  const mantissa = integerAdd(and(offset, pool.splatBits(MANTISSA_BITS)), pool.splatBits(ROOT_HALF_BITS));
  const f = vector(sub(mantissa, pool.splat(1)));
  const s = vector(div(f, add(f, pool.splat(2))));
  const z = vector(mul(s, s));
  const remainder = vector(parted(pool.splat(REMAINDER[REMAINDER.length - 1])));
  for (const coefficient of REMAINDER.slice(0, -1).reverse())
    set(remainder, madd(remainder, z, pool.splat(coefficient)));
  const halfSquare = vector(mul(mul(f, f), pool.splat(0.5)));
  const low = madd(s, madd(remainder, z, halfSquare), mul(n, pool.splat(LN2_LOW)));
  return madd(n, pool.splat(LN2_HIGH), sub(f, sub(halfSquare, low)));
}
