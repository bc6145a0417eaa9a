/** What happens to a column before a mixture sees it: x → ((log ? ln x : x) − centre) / scale. */
export interface Transform {
  readonly log: boolean;
  readonly centre: number;
  /** above 0 */
  readonly scale: number;
}

/** NaN for the logarithm of what is not above 0. */
export function transformed(value: number, { log, centre, scale }: Transform): number {
  return ((log ? logarithm(value) : value) - centre) / scale;
}

function logarithm(value: number): number {
  return value > 0 ? Math.log(value) : Number.NaN;
}

/** The value that `transformed` made this one of. */
export function untransformed(value: number, { log, centre, scale }: Transform): number {
  const moved = value * scale + centre;
  return log ? Math.exp(moved) : moved;
}

/** Σ ln |dy/dx| of a point: what log densities of transformed columns lack to be those of the columns. in: point, d, as transformed */
export function logSlope(point: ArrayLike<number>, transforms: readonly Transform[]): number {
  let sum = 0;
  for (const [j, { log, centre, scale }] of transforms.entries()) {
    sum -= Math.log(scale);
    if (log) sum -= point[j] * scale + centre;
  }
  return sum;
}
