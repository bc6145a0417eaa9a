/** Σ c_i x^i, by Horner's rule. */
export function polynomial(x: number, coefficients: Float64Array): number {
  let sum = coefficients[coefficients.length - 1];
  for (let i = coefficients.length - 2; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}
