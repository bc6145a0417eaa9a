import { sum } from "../../linear-algebra/sum.ts";
import type { TilesFacts } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";

/** Draws a point in proportion to its weight. out: its index */
export function drawByWeight({ count, pointWeights }: TilesFacts, random: Random): number {
  if (pointWeights === null) return Math.floor(random.uniform() * count);
  return pick(pointWeights, random.uniform() * sum(pointWeights));
}

/**
 * Draws `size` different points, each in proportion to its weight among those left. in: size, at most the points of
 * positive weight
 */
export function drawDistinct(tiles: TilesFacts, size: number, random: Random): number[] {
  if (tiles.pointWeights === null) {
    const taken = new Set<number>();
    while (taken.size < size) taken.add(drawByWeight(tiles, random));
    return [...taken];
  }
  // Drawing until a new point comes up might never end if a few points hold all the weight.
  const left = tiles.pointWeights.slice();
  return Array.from({ length: size }, () => {
    const point = pick(left, random.uniform() * sum(left));
    left[point] = 0;
    return point;
  });
}

/**
 * The first index whose running sum exceeds `target`. Apart from rounding, index i is found with probability ∝
 * masses[i].
 */
export function pick(masses: Float64Array, target: number): number {
  let running = 0;
  let last = 0;
  for (let i = 0; i < masses.length; i++) {
    if (!(masses[i] > 0)) continue;
    running += masses[i];
    last = i;
    if (running > target) return i;
  }
  return last;
}
