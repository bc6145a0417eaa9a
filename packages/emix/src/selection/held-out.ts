import { overAllRows, randomStream, type Seed } from "@emix/core";
import type { Engine, LoadedPoints } from "@emix/workers";
import type { SelectionPoints } from "./try-model.ts";

/** The share of the points that is held out. */
const SHARE = 0.2;

/** Splits points at random, by weights: those of the other part are 0, and no point is copied. */
export async function holdOut(
  engine: Engine,
  points: LoadedPoints,
  { seed = 0, signal }: { readonly seed?: Seed; readonly signal?: AbortSignal },
): Promise<SelectionPoints<LoadedPoints>> {
  const { pointWeights, count } = points.tiles;
  const own = pointWeights === null ? null : overAllRows(points.tiles, pointWeights.subarray(0, count), 1, 0);
  const random = randomStream(seed, "held out");
  const fitted = new Float64Array(points.rows);
  const heldOut = new Float64Array(points.rows);
  for (let row = 0; row < points.rows; row++) {
    const part = random.uniform() < SHARE ? heldOut : fitted;
    part[row] = own?.[row] ?? 1;
  }
  const stop = { ...(signal && { signal }) };
  return {
    fitted: await engine.load(points, { pointWeights: fitted, ...stop }),
    heldOut: await engine.load(points, { pointWeights: heldOut, ...stop }),
  };
}
