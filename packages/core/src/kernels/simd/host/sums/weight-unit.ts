import { exponentOf } from "../../../../linear-algebra/powers-of-two.ts";
import type { TileRange } from "../../../../points/tiles.ts";

/**
 * The sums are taken with √ω, whose rounding changes when all weights are multiplied by 2, but not by 4. So weights are
 * taken in a unit, 1 or ½, in which the first positive weight of the tiles has an even exponent: then no power of two
 * changes a bit.
 * out: what weights are to be multiplied by, and sums divided by
 */
export function weightMultiplier({ tiles: { pointWeights, tileSize }, first, end }: TileRange): 1 | 2 {
  if (pointWeights === null) return 1;
  const weights = pointWeights.subarray(first * tileSize, end * tileSize);
  const positive = weights.find((weight) => weight > 0) ?? 1;
  return exponentOf(positive) % 2 === 0 ? 1 : 2;
}
