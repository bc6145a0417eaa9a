const bits = new DataView(new ArrayBuffer(8));

/** ⌊log₂|value|⌋, exactly. in: finite, not 0 */
export function exponentOf(value: number): number {
  bits.setFloat64(0, value);
  const biased = (bits.getUint32(0) >>> 20) & 0x7ff;
  return biased === 0 ? exponentOf(value * 2 ** 54) - 54 : biased - 1023;
}

/** value · 2^exponent in two steps, so that no power leaves the range of a double before the product does. */
export function timesPower(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}
