import type { ChosenPoints } from "../../points/gather.ts";
import type { TilesFacts } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";

/**
 * Draws one point from each of `size` equal parts of the total weight, so that the sample is spread evenly over the
 * points. A point that several parts draw gets the weight of them all. If there are no more points than `size`, the
 * sample has all of positive weight, with their own weights.
 */
export function drawSample({ count, pointWeights }: TilesFacts, size: number, random: Random): ChosenPoints {
  if (pointWeights !== null) return drawWeighted(pointWeights.subarray(0, count), size, random);
  const points =
    count <= size
      ? Float64Array.from({ length: count }, (_, i) => i)
      : Float64Array.from({ length: size }, (_, part) => Math.floor(((part + random.uniform()) * count) / size));
  return { points, weights: null };
}

function drawWeighted(weights: Float64Array, size: number, random: Random): ChosenPoints {
  let counted = 0;
  let total = 0;
  for (const weight of weights) {
    if (weight > 0) counted++;
    total += weight;
  }
  const all = counted <= size;
  const points: number[] = [];
  const masses: number[] = [];
  let running = 0;
  let part = 0;
  let target = random.uniform() * (total / size);
  weights.forEach((weight, i) => {
    if (!(weight > 0)) return;
    running += weight;
    let drawn = 0;
    for (; !all && part < size && target < running; drawn++) {
      part++;
      target = (part + random.uniform()) * (total / size);
    }
    if (!all && drawn === 0) return;
    points.push(i);
    masses.push(all ? weight : drawn * (total / size));
  });
  return { points, weights: Float64Array.from(masses) };
}
