import type { Seed, TilesFacts, Transform } from "@emix/core";
import { type JsonObject, type Model, type Provenance, tailQuantiles } from "@emix/io";
import type { FitResult } from "@emix/workers";
import type { Description } from "../../description.ts";
import { version } from "../../version.ts";

/** What is said of points, wherever they are. */
export interface SeenPoints {
  readonly count: number;
  readonly dropped: number;
  readonly tiles: Pick<TilesFacts, "count" | "pointWeights">;
}

/** Points that are ready to be fitted, and what a model says of them. */
export interface PreparedPoints<Points extends SeenPoints = SeenPoints> {
  /** as the mixture sees them */
  readonly points: Points;
  readonly columns: readonly string[];
  readonly transforms: readonly Transform[] | undefined;
  /** the fingerprint of the points before `transforms` */
  readonly fingerprint: string | undefined;
  /** log |dz/dx| of each point, n; null where nothing is transformed */
  readonly volumes: Float64Array | null;
  /** how the file was read, where that is known */
  readonly reading: JsonObject | undefined;
}

/** A fit, with what its mixture says of the points; log densities and bounds are those of the columns themselves. */
export interface FitOfColumns {
  readonly result: FitResult;
  readonly description: Description;
}

/** How a fit was asked for, and what it took. */
export interface FitRecord {
  /** those that were given, by name */
  readonly options: JsonObject;
  readonly seconds: number;
  readonly selection?: readonly JsonObject[];
}

export function modelOf(
  { points, columns, transforms, fingerprint, reading }: PreparedPoints,
  { result, description }: FitOfColumns,
  { options, seconds, selection }: FitRecord,
): Model {
  const { mixture, lowerBound, converged, iterations, restart, history, warnings, kernel, starts } = result;
  const fit: Provenance = {
    version: version(),
    seed: (options.seed as Seed | undefined) ?? 0,
    options,
    points: points.count,
    dropped: points.dropped,
    ...(fingerprint !== undefined && { fingerprint }),
    lowerBound,
    converged,
    iterations,
    seconds,
    restart,
    trace: history,
    warnings,
    kernel,
    ...(reading && { reading }),
    starts: starts.map(({ history: trace, failure }) => ({ trace, ...(failure && { failure: { ...failure } }) })),
    ...(selection && { selection }),
  };
  const outliers = tailQuantiles(description.logDensities, points.tiles.pointWeights);
  return { mixture: mixture.parameters, columns, ...(transforms && { transforms }), outliers, fit };
}

/** Bounds of transformed points → those of the points themselves. in: volume, what a bound differs by */
export function inOwnUnits(result: FitResult, volume: number): FitResult {
  if (volume === 0) return result;
  const shift = (bounds: readonly number[]) => bounds.map((bound) => bound + volume);
  return {
    ...result,
    lowerBound: result.lowerBound + volume,
    history: shift(result.history),
    starts: result.starts.map((start) => ({ ...start, history: shift(start.history) })),
  };
}
