import { STRETCH, type Stretches } from "../stretches.ts";
import { storedPoint, type Tiles } from "../tiles.ts";

/** Some points of positive weight, spread evenly, in standard deviations of each feature about their mean. */
export interface Sample {
  /** size × d */
  readonly points: Float64Array;
  readonly size: number;
  /** d, of the sample, stored units */
  readonly means: Float64Array;
  /** d: 1/σ of the sample; 0 for a feature that does not vary in it */
  readonly scales: Float64Array;
}

/**
 * Draws nothing: the same points give the same sample. A feature multiplied by a power of two changes no bit of it but
 * its own mean and scale.
 * in: size, at most n
 */
export function* evenSample(tiles: Tiles, size: number): Stretches<Sample> {
  const chosen = yield* spreadEvenly(tiles, size);
  const { features } = tiles;
  const points = new Float64Array(chosen.length * features);
  for (const [i, index] of chosen.entries()) {
    storedPoint(tiles, index, points.subarray(i * features, (i + 1) * features));
    if (i % Math.ceil(STRETCH / features) === 0) yield;
  }
  const means = new Float64Array(features);
  const scales = new Float64Array(features);
  for (let j = 0; j < features; j++) standardize(points, j, means, scales);
  yield;
  return { points, size: chosen.length, means, scales };
}

/** Indices of points of positive weight, in equal steps. */
function* spreadEvenly({ count, pointWeights }: Tiles, size: number): Stretches<Uint32Array> {
  if (pointWeights === null) return Uint32Array.from({ length: size }, (_, i) => Math.floor((i * count) / size));
  let counted = 0;
  for (let i = 0; i < count; i++) {
    if (pointWeights[i] > 0) counted++;
    if (i % STRETCH === 0) yield;
  }
  const chosen = new Uint32Array(Math.min(size, counted));
  let found = 0;
  for (let i = 0, next = 0, seen = 0; found < chosen.length; i++) {
    if (i % STRETCH === 0) yield;
    if (!(pointWeights[i] > 0) || seen++ < next) continue;
    chosen[found++] = i;
    next = Math.floor((found * counted) / chosen.length);
  }
  return chosen;
}

/** in/out: points, size × d. out: the mean and the scale of a feature */
function standardize(points: Float64Array, feature: number, means: Float64Array, scales: Float64Array): void {
  const features = means.length;
  const size = points.length / features;
  let sum = 0;
  for (let at = feature; at < points.length; at += features) sum += points[at];
  const mean = sum / size;
  let squares = 0;
  for (let at = feature; at < points.length; at += features) squares += (points[at] - mean) * (points[at] - mean);
  const scale = squares > 0 ? 1 / Math.sqrt(squares / size) : 0;
  for (let at = feature; at < points.length; at += features) points[at] = (points[at] - mean) * scale;
  means[feature] = mean;
  scales[feature] = scale;
}
