import { emptyData, invalidOption, invalidPoints, invalidRow, noCompletePoint } from "../errors.ts";
import {
  type Allocate,
  allocateTiles,
  type Dtype,
  privateMemory,
  sealTiles,
  type Tiles,
  withWeights,
  writeRows,
} from "./tiles.ts";

/** n × d, row-major, in one typed array. */
export interface FlatPoints {
  readonly data: Float64Array | Float32Array;
  readonly features: number;
}

/** What emix needs of an ml-matrix `Matrix`: n rows, d columns. */
export interface MatrixLike {
  readonly rows: number;
  readonly columns: number;
  get(row: number, column: number): number;
}

/** Points as callers have them: a flat typed array with its number of features, an array of rows, or an ml-matrix Matrix. */
export type PointsLike = FlatPoints | readonly ArrayLike<number>[] | MatrixLike;

/** One view of all of them: n × d coordinates. */
export interface Points {
  readonly count: number;
  readonly features: number;
  readonly dtype: Dtype;
  coordinate(row: number, feature: number): number;
}

/**
 * Reads the shape of points and how to get at a coordinate; coordinates themselves are checked when they are tiled.
 * @throws INVALID_POINTS, EMPTY_DATA
 */
export function openPoints(points: PointsLike): Points {
  if (typeof points !== "object" || points === null) throw invalidPoints(POINTS_EXPECTED, points);
  if (isRows(points)) return openRows(points);
  if ("rows" in points && "columns" in points && typeof points.get === "function") return openMatrix(points);
  if ("data" in points) return openFlat(points);
  throw invalidPoints(POINTS_EXPECTED, points);
}

const POINTS_EXPECTED =
  "{ data: Float64Array | Float32Array, features }, an array of rows of numbers, or an ml-matrix Matrix";

function isRows(points: PointsLike): points is readonly ArrayLike<number>[] {
  return Array.isArray(points);
}

function openFlat({ data, features }: FlatPoints): Points {
  if (!(data instanceof Float64Array || data instanceof Float32Array))
    throw invalidPoints("given with `data` in a Float64Array or a Float32Array", data);
  if (!Number.isInteger(features) || features < 1)
    throw invalidPoints("given with a number of `features` from 1 up", features);
  if (data.length === 0) throw emptyData();
  if (data.length % features !== 0) {
    throw invalidPoints(`given with a multiple of features = ${features} numbers`, data.length);
  }
  const dtype = data instanceof Float32Array ? "f32" : "f64";
  const coordinate = (row: number, feature: number) => data[row * features + feature];
  return { count: data.length / features, features, dtype, coordinate };
}

function openRows(rows: readonly ArrayLike<number>[]): Points {
  if (rows.length === 0) throw emptyData();
  const features = rows[0]?.length ?? 0;
  if (!Number.isInteger(features) || features < 1) throw invalidPoints("rows of at least one number", rows[0]);
  const coordinate = (row: number, feature: number) => {
    const values = rows[row] as ArrayLike<number>;
    if (values?.length !== features)
      throw invalidRow(`rows of ${features} numbers each`, values?.length ?? values, { row });
    return numberAt(values[feature], row, feature);
  };
  return { count: rows.length, features, dtype: "f64", coordinate };
}

function openMatrix(matrix: MatrixLike): Points {
  const { rows: count, columns: features } = matrix;
  for (const size of [count, features])
    if (!Number.isSafeInteger(size) || size < 0)
      throw invalidPoints("a matrix with whole numbers of rows and columns", size);
  if (count === 0 || features === 0) throw emptyData();
  const coordinate = (row: number, feature: number) => numberAt(matrix.get(row, feature), row, feature);
  return { count, features, dtype: "f64", coordinate };
}

/** Text and the like are refused, not converted. */
function numberAt(value: unknown, row: number, column: number): number {
  if (typeof value === "number") return value;
  throw invalidRow("numbers only", value, { row, column });
}

/** What a row without a finite number in every feature means: an error, or no point. */
export type MissingOption = "error" | "skip";

/**
 * Points → tiles, in one go. `tileInChunks` does the same in pieces, for a thread that must stay responsive.
 * @param missing "skip": rows that lack a coordinate keep their place, with weight 0, and are counted; default "error"
 * @throws INVALID_POINTS, EMPTY_DATA, NON_FINITE_POINT, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, INVALID_OPTION
 */
export function tilePoints(
  points: PointsLike,
  pointWeights?: ArrayLike<number>,
  allocate: Allocate = privateMemory,
  missing?: MissingOption,
): Tiles {
  const tiling = tileInChunks(points, pointWeights, allocate, missing);
  for (;;) {
    const step = tiling.next();
    if (step.done) return step.value;
  }
}

/** Rows written between two pauses of `tileInChunks`, counted in coordinates: about a millisecond. */
const CHUNK = 1 << 17;

/** As `tilePoints`, pausing every millisecond or so. */
export function* tileInChunks(
  points: PointsLike,
  pointWeights: ArrayLike<number> | undefined,
  allocate: Allocate,
  missing: MissingOption = "error",
): Generator<void, Tiles> {
  if (missing !== "error" && missing !== "skip") throw invalidOption("missing", '"error" or "skip"', missing);
  const gaps: number[] = [];
  const source = missing === "skip" ? withoutGaps(openPoints(points), gaps) : openPoints(points);
  if (pointWeights === null || (pointWeights !== undefined && typeof pointWeights !== "object")) {
    throw invalidOption("pointWeights", "one number for each point", pointWeights);
  }
  const { count, features, dtype } = source;
  const tiles = allocateTiles({ count, features, dtype, weighted: false }, allocate);
  const rows = Math.max(1, Math.floor(CHUNK / features));
  for (let first = 0; first < count; first += rows) {
    const coordinate = (row: number, feature: number) => source.coordinate(first + row, feature);
    writeRows(tiles, first, Math.min(rows, count - first), coordinate);
    yield;
  }
  if (gaps.length === count) throw noCompletePoint(count);
  const weights = gaps.length === 0 ? pointWeights : withoutWeight(pointWeights, count, gaps);
  const weighted = weights === undefined ? tiles : withWeights(tiles, weights, allocate);
  return sealTiles({ ...weighted, skipped: gaps.length });
}

/** The points with those that lack a coordinate at 0; to be read row by row. out: gaps, their rows */
function withoutGaps(source: Points, gaps: number[]): Points {
  const { features } = source;
  let gap = false;
  const coordinate = (row: number, feature: number) => {
    if (feature === 0) {
      gap = false;
      for (let j = 0; j < features && !gap; j++) gap = !Number.isFinite(source.coordinate(row, j));
      if (gap) gaps.push(row);
    }
    return gap ? 0 : source.coordinate(row, feature);
  };
  return { ...source, coordinate };
}

function withoutWeight(
  pointWeights: ArrayLike<number> | undefined,
  count: number,
  rows: readonly number[],
): ArrayLike<number> {
  const weights = pointWeights === undefined ? new Array<number>(count).fill(1) : Array.from(pointWeights);
  if (weights.length === count) for (const row of rows) weights[row] = 0;
  return weights;
}
