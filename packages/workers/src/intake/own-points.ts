import { type NumberArray, numberAt, openPoints, type PointsLike } from "@emix/core";
import type { EnginePoints, LoadOptions } from "../engine/methods/options.ts";
import { LoadedPoints } from "../loaded-points.ts";

/** Points of fewer bytes are copied at once, in a millisecond or two. */
const COPIED_BYTES = 2 ** 22;

/** Few points as they are now, whatever the caller writes into its array while they wait to be loaded. */
export function ownPoints(points: EnginePoints): EnginePoints {
  if (points instanceof LoadedPoints) return points;
  const source = openPoints(points);
  const { features } = source;
  const { rows } = source.count("error");
  if (rows * features * 8 > COPIED_BYTES) return points;
  if (isTyped(points)) return { data: points.data.slice(), features };
  const data = new Float64Array(rows * features);
  let at = 0;
  for (const batch of source.batches(rows)) {
    for (let row = 0; row < batch.rowCount; row++) {
      for (let column = 0; column < features; column++) data[at++] = numberAt(batch, row, column);
    }
  }
  return { data, features };
}

/** The same of their weights. */
export function ownWeights<O extends LoadOptions>(options: O): O {
  const { pointWeights } = options;
  if (!(Array.isArray(pointWeights) || pointWeights instanceof Float64Array)) return options;
  return 8 * pointWeights.length > COPIED_BYTES ? options : { ...options, pointWeights: pointWeights.slice() };
}

function isTyped(points: PointsLike): points is { data: Exclude<NumberArray, readonly unknown[]>; features: number } {
  return "data" in points && ArrayBuffer.isView(points.data);
}
