import { type AnyExecutor, gather } from "../../passes/executor.ts";
import { type ChosenPoints, gatheredBytes } from "../../points/gather.ts";
import { storedPoint } from "../../points/tiles.ts";
import type { Summary } from "../summary.ts";

/** A coordinate is far if it is this many standard deviations from the mean. */
const FAR = 6;
/** Far points are looked for in this many tiles at most. */
const MOST_TILES = 32;

/** A sample that is a larger share of all points has some of them. */
const LARGE_SHARE = 1 / 4;

/**
 * Adds far points to a sample, which may have none if they are few. Each weighs as much as it does among all points, in
 * proportion to the rest of the sample. They are looked for near the points with the least and the greatest of each
 * coordinate, because neighbours lie side by side.
 */
export async function withFarPoints(
  executor: AnyExecutor,
  sample: ChosenPoints,
  summary: Summary,
): Promise<ChosenPoints> {
  const { tiles } = executor;
  if (sample.points.length > LARGE_SHARE * tiles.count) return sample;
  const rows = await farPoints(executor, summary);
  if (rows.length === 0) return sample;
  const isFar = new Set(rows);
  const kept = Array.from({ length: sample.points.length }, (_, i) => i).filter((i) => !isFar.has(sample.points[i]));
  const share = sample.weights === null ? sample.points.length / tiles.count : 1;
  return {
    points: [...kept.map((i) => sample.points[i]), ...rows],
    weights: Float64Array.from([
      ...kept.map((i) => sample.weights?.[i] ?? 1),
      ...rows.map((row) => share * (tiles.pointWeights?.[row] ?? 1)),
    ]),
  };
}

/** Points of positive weight that are far, rising. */
async function farPoints(executor: AnyExecutor, summary: Summary): Promise<number[]> {
  const { features, count, tileSize, pointWeights } = executor.tiles;
  const places = tilesWithFar(summary, tileSize).flatMap((tile) => {
    const [from, end] = [tile * tileSize, Math.min((tile + 1) * tileSize, count)];
    const all = Array.from({ length: end - from }, (_, i) => from + i);
    return pointWeights === null ? all : all.filter((place) => pointWeights[place] > 0);
  });
  if (places.length === 0) return [];
  const chosen = { points: places, weights: null };
  const some = await gather(executor, chosen, new ArrayBuffer(gatheredBytes(places.length, features)));
  const row = new Float64Array(features);
  return places.filter((_, i) => storedPoint(some, i, row).some((value, j) => sizeOf(value, j, summary) > FAR));
}

/** How many standard deviations a coordinate is from the mean. */
function sizeOf(value: number, feature: number, { means, variances }: Summary): number {
  const variance = variances[feature];
  return variance > 0 ? Math.abs(value - means[feature]) / Math.sqrt(variance) : 0;
}

/** The tiles with the farthest coordinates, rising. */
function tilesWithFar(summary: Summary, tileSize: number): number[] {
  const { least, greatest, leastAt, greatestAt } = summary;
  const extremes = [...least.keys()].flatMap((j) => [
    { place: leastAt[j], size: sizeOf(least[j], j, summary) },
    { place: greatestAt[j], size: sizeOf(greatest[j], j, summary) },
  ]);
  const far = extremes.filter(({ size }) => size > FAR).sort((one, other) => other.size - one.size);
  const tiles = new Set(far.slice(0, MOST_TILES).map(({ place }) => Math.floor(place / tileSize)));
  return [...tiles].sort((one, other) => one - other);
}
