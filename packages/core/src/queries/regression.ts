import { diagonalsOf } from "../covariance/covariances.ts";
import { featuresMismatch } from "../errors.ts";
import type { Mixture } from "../mixture/mixture.ts";
import type { PointsLike } from "../points/array-sources.ts";
import { readPoint } from "../points/tiles.ts";
import { tilePoints } from "../points/tiling.ts";
import type { Conditioner } from "./conditional.ts";

/** What is to be expected of some features, for each row of the others. */
export interface Regression {
  /** the features that are told of, m */
  readonly features: readonly number[];
  /** n × m: their conditional means */
  readonly means: Float64Array;
  /** n × m: their conditional variances */
  readonly variances: Float64Array;
}

/** in: points of the known features. @throws FEATURES_MISMATCH, and as points do */
export function regression(conditioner: Conditioner, points: PointsLike): Regression {
  const { given, rest } = conditioner;
  const tiles = tilePoints(points);
  if (tiles.features !== given.length) throw featuresMismatch(given.length, tiles.features);
  const values = new Float64Array(tiles.count * tiles.features);
  for (let i = 0; i < tiles.count; i++) readPoint(tiles, i, values.subarray(i * given.length, (i + 1) * given.length));
  const [rows, width] = [values.length / given.length, rest.length];
  const means = new Float64Array(rows * width);
  const variances = new Float64Array(rows * width);
  let own: Float64Array | undefined;
  let row = 0;
  for (const mixture of conditioner.of(values)) {
    own ??= diagonalsOf(mixture.packedCovariances, mixture);
    const at = row++ * width;
    meanOf(mixture, means.subarray(at, at + width));
    for (let i = 0; i < mixture.means.length; i++) {
      const j = i % width;
      variances[at + j] += mixture.weights[Math.floor(i / width)] * (own[i] + (mixture.means[i] - means[at + j]) ** 2);
    }
  }
  return { features: rest, means, variances };
}

function meanOf({ weights, means, features }: Mixture, out: Float64Array): void {
  for (let i = 0; i < means.length; i++) out[i % features] += weights[Math.floor(i / features)] * means[i];
}
