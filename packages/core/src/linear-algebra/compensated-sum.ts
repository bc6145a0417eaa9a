/** The rounding error of a + b = sum, exactly (Knuth's two-sum): a + b = sum + twoSumError(a, b, sum). */
export function twoSumError(a: number, b: number, sum: number): number {
  const virtual = sum - a;
  return a - (sum - virtual) + (b - virtual);
}
