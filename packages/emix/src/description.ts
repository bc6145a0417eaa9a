import { type Criterion, criteriaOf, type GaussianMixture, type Tiles, tileCount, tilesBetween } from "@emix/core";
import { type Engine, LoadedPoints } from "@emix/workers";

/** What a mixture says of the points that were kept. */
export interface Description {
  /** n */
  readonly logDensities: Float64Array;
  /** Σ w · entropy of the responsibilities */
  readonly entropy: number;
}

/** How well a mixture describes points; lower is better. */
export type Criteria = Readonly<Record<Exclude<Criterion, "score">, number>>;

/** Points that are described before it is told how far the work is. */
const MOST_POINTS = 2 ** 16;

/** One pass over the points, some at a time. in: seen, told how many points are done */
export async function describePoints(
  engine: Engine,
  { tiles }: LoadedPoints,
  mixture: GaussianMixture,
  { signal, seen }: { readonly signal?: AbortSignal; readonly seen?: (points: number) => void } = {},
): Promise<Description> {
  const logDensities = new Float64Array(tiles.count);
  let entropy = 0;
  let done = 0;
  for (const window of windows(tiles)) {
    const asked = { mixture, ...(signal && { signal }), entropies: true, logDensities: true } as const;
    const found = await engine.evaluate(new LoadedPoints(window), asked);
    logDensities.set(found.logDensities, done);
    entropy += entropyOf(found.entropies, window.pointWeights);
    done += window.count;
    seen?.(done);
  }
  return { logDensities, entropy };
}

/** In the units of columns that were transformed. in: volumes, log |dz/dx| of each point, n; null: none was */
export function inColumns(description: Description, volumes: Float64Array | null): Description {
  if (volumes === null) return description;
  return { ...description, logDensities: description.logDensities.map((value, i) => value + volumes[i]) };
}

/** The criteria, with the mean log density. in: logDensities, in whatever units the criteria are to be of */
export function scoreAndCriteria(
  mixture: GaussianMixture,
  tiles: Pick<Tiles, "count" | "pointWeights">,
  { logDensities, entropy }: Description,
): { readonly score: number; readonly criteria: Criteria } {
  const { score, aic, bic } = criteriaOf(mixture.parameters, tiles, logDensities);
  return { score, criteria: { aic, bic, icl: bic + 2 * entropy } };
}

/** Σ w · entropy, added as `describePoints` adds it. in: entropies, n */
export function windowEntropy(entropies: Float64Array, weights: Float64Array | null): number {
  let entropy = 0;
  for (let first = 0; first < entropies.length; first += MOST_POINTS) {
    const own = weights?.subarray(first, first + MOST_POINTS) ?? null;
    entropy += entropyOf(entropies.subarray(first, first + MOST_POINTS), own);
  }
  return entropy;
}

function* windows(tiles: Tiles): Generator<Tiles> {
  const atOnce = MOST_POINTS / tiles.tileSize;
  const total = tileCount(tiles);
  for (let first = 0; first < total; first += atOnce) {
    yield tilesBetween(tiles, first, Math.min(first + atOnce, total));
  }
}

/** Σ w · entropy of rows; NaN for a row that lacks a number, which counts for nothing. */
export function entropyOf(entropies: Float64Array, weights: Float64Array | null): number {
  let sum = 0;
  for (let row = 0; row < entropies.length; row++) {
    if (!Number.isNaN(entropies[row])) sum += entropies[row] * (weights?.[row] ?? 1);
  }
  return sum;
}
