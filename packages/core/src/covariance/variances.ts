// What diag (k × d) and spherical (k) have in common: a list of variances, `perComponent` of each component.

export function factorizeVariances(
  variances: Float64Array,
  perComponent: number,
): Float64Array | { collapsed: number } {
  const collapsed = variances.findIndex((variance) => !(variance > 0 && variance < Number.POSITIVE_INFINITY));
  if (collapsed >= 0) return { collapsed: Math.floor(collapsed / perComponent) };
  return variances.map((variance) => 1 / Math.sqrt(variance));
}

/** Raises variances to their floor, then adds the ridge. out: the components a floor changed */
export function regularizeVariances(
  variances: Float64Array,
  perComponent: number,
  floor: (index: number) => number,
  ridge: number,
): number[] {
  const changed = new Set<number>();
  for (let i = 0; i < variances.length; i++) {
    const least = floor(i);
    if (!(variances[i] >= least)) {
      variances[i] = least;
      changed.add(Math.floor(i / perComponent));
    }
    variances[i] += ridge;
  }
  return [...changed];
}
