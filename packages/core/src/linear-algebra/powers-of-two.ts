import { powerOfTwo } from "../elementary/binary.ts";

const bits = new DataView(new ArrayBuffer(8));

/** ⌊log₂|value|⌋, exactly; 0 for 0. in: finite */
export function exponentOf(value: number): number {
  if (value === 0) return 0;
  bits.setFloat64(0, value);
  const biased = (bits.getUint32(0) >>> 20) & 0x7ff;
  return biased === 0 ? exponentOf(value * 2 ** 54) - 54 : biased - 1023;
}

/** value · 2^exponent in steps, so that no intermediate power leaves the range of doubles before the product does. */
export function timesPower(value: number, exponent: number): number {
  let product = value;
  let left = exponent;
  for (; left > MOST; left -= MOST) product *= 2 ** MOST;
  for (; left < -MOST; left += MOST) product *= 2 ** -MOST;
  return product * powerOfTwo(left);
}

const MOST = 1000;
