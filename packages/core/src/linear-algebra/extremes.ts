// As arguments of Math.max and Math.min, a hundred thousand numbers would not fit on the stack.

/** The greatest of all numbers; −∞ of none, NaN if one is NaN. */
export function greatest(values: Iterable<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** The least of all numbers; ∞ of none, NaN if one is NaN. */
export function least(values: Iterable<number>): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const value of values) lowest = Math.min(lowest, value);
  return lowest;
}
