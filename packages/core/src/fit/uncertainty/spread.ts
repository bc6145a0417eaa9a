/** How far numbers may be from those of the whole population, each as its number is laid out. */
export interface Spread {
  /** their standard deviations over resamples */
  readonly standardErrors: Float64Array;
  /** the lower ends of their intervals */
  readonly lower: Float64Array;
  /** the upper ends */
  readonly upper: Float64Array;
}

/** The spread of each number over resamples. in: values, of two resamples or more; level, the share inside an interval */
export function spreadOf(values: readonly Float64Array[], level: number): Spread {
  const length = values[0].length;
  const standardErrors = new Float64Array(length);
  const lower = new Float64Array(length);
  const upper = new Float64Array(length);
  const own = new Float64Array(values.length);
  for (let i = 0; i < length; i++) {
    for (let r = 0; r < own.length; r++) own[r] = values[r][i];
    own.sort();
    standardErrors[i] = deviation(own);
    lower[i] = quantile(own, (1 - level) / 2);
    upper[i] = quantile(own, (1 + level) / 2);
  }
  return { standardErrors, lower, upper };
}

/** The standard deviation of a sample, divided by one less than its size. */
function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Between two neighbours in proportion. in: values, rising */
function quantile(values: Float64Array, share: number): number {
  const place = share * (values.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, values.length - 1);
  return values[below] + (place - below) * (values[above] - values[below]);
}
