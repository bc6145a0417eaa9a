import { invalidOption } from "../errors.ts";
import { timesPower } from "../linear-algebra/powers-of-two.ts";
import { type AnyExecutor, gather } from "../passes/executor.ts";
import { gatheredBytes } from "../points/gather.ts";
import { storedPoint, type Tiles } from "../points/tiles.ts";
import type { GranularityOption } from "./options/options.ts";

/** How many points "auto" looks at, spread evenly. */
const SAMPLE = 4096;

/**
 * The steps to which features were rounded, in stored units; 0 for none.
 * in: tiles, for "auto" no more of them than it looks at
 * @throws INVALID_OPTION
 */
export function granularSteps(granularity: GranularityOption, tiles: Tiles): Float64Array {
  const { features, exponents } = tiles;
  if (granularity === "auto") return foundSteps(tiles);
  const given = typeof granularity === "number" ? new Array<number>(features).fill(granularity) : granularity;
  if (given.length !== features) throw invalidOption("granularity", `one number or ${features} of them`, granularity);
  return Float64Array.from(given, (step, j) => timesPower(step, -(exponents?.[j] ?? 0)));
}

/** The points that "auto" looks at. */
export function sampleForSteps(executor: AnyExecutor): Promise<Tiles> {
  const { count, features, pointWeights } = executor.tiles;
  const stride = Math.ceil(count / SAMPLE);
  const spread = Array.from({ length: Math.ceil(count / stride) }, (_, i) => i * stride);
  const points = pointWeights === null ? spread : spread.filter((index) => pointWeights[index] > 0);
  return gather(executor, { points, weights: null }, new ArrayBuffer(gatheredBytes(points.length, features)));
}

/** For a feature with fewer distinct values than half the sample, the smallest gap between two of them; otherwise 0. */
function foundSteps(tiles: Tiles): Float64Array {
  const { count, features, pointWeights } = tiles;
  const stride = Math.ceil(count / SAMPLE);
  const columns = Array.from({ length: features }, () => new Set<number>());
  const point = new Float64Array(features);
  let sampled = 0;
  for (let index = 0; index < count; index += stride) {
    if (pointWeights !== null && pointWeights[index] === 0) continue;
    sampled += 1;
    storedPoint(tiles, index, point).forEach((value, j) => {
      columns[j].add(value);
    });
  }
  return Float64Array.from(columns, (values) => (2 * values.size < sampled ? smallestGap(values) : 0));
}

function smallestGap(values: ReadonlySet<number>): number {
  const sorted = Float64Array.from(values).sort();
  let gap = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) gap = Math.min(gap, sorted[i] - sorted[i - 1]);
  return gap < Number.POSITIVE_INFINITY ? gap : 0;
}
