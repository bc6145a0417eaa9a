import { zeros } from "./doubles.ts";

/** Σ v, in the order of the values. */
export function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** The values divided by their sum. */
export function normalize(values: Float64Array): Float64Array {
  const total = sum(values);
  const shares = zeros(values.length);
  for (let i = 0; i < shares.length; i++) shares[i] = values[i] / total;
  return shares;
}
