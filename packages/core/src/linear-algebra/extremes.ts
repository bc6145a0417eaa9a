// As arguments of Math.max and Math.min, a hundred thousand numbers would not fit on the stack.

/** The greatest of all numbers; −∞ of none, NaN if one is NaN. */
export function greatest(values: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]);
  return most;
}

/** The least of all numbers; ∞ of none, NaN if one is NaN. */
export function least(values: ArrayLike<number>): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) lowest = Math.min(lowest, values[i]);
  return lowest;
}

/** The greatest absolute value; 0 of none, NaN if one is NaN. */
export function greatestSize(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
