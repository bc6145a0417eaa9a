import { emptyData, invalidOption, invalidPoints } from "./errors.ts";
import {
  type Allocate,
  allocateTiles,
  type Dtype,
  privateMemory,
  sealTiles,
  type Tiles,
  writeRows,
  writeWeights,
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
  if ("data" in points && (points.data instanceof Float64Array || points.data instanceof Float32Array))
    return openFlat(points);
  if ("rows" in points && "columns" in points && typeof points.get === "function") return openMatrix(points);
  throw invalidPoints(POINTS_EXPECTED, points);
}

const POINTS_EXPECTED =
  "{ data: Float64Array | Float32Array, features }, an array of rows of numbers, or an ml-matrix Matrix";

function isRows(points: PointsLike): points is readonly ArrayLike<number>[] {
  return Array.isArray(points);
}

function openFlat({ data, features }: FlatPoints): Points {
  if (!Number.isInteger(features) || features < 1)
    throw invalidPoints("given with a number of `features` from 1 up", features);
  if (data.length === 0) throw emptyData();
  if (data.length % features !== 0) {
    throw invalidPoints(`a multiple of features = ${features} numbers`, `${data.length} numbers`);
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
      throw invalidPoints(`rows of ${features} numbers each`, `${values?.length} in row ${row}`);
    const value = values[feature];
    if (typeof value !== "number")
      throw invalidPoints("numbers only", `${typeof value} in row ${row}, column ${feature}`);
    return value;
  };
  return { count: rows.length, features, dtype: "f64", coordinate };
}

function openMatrix(matrix: MatrixLike): Points {
  const { rows: count, columns: features } = matrix;
  if (!(count > 0 && features > 0)) throw emptyData();
  return { count, features, dtype: "f64", coordinate: (row, feature) => matrix.get(row, feature) };
}

/**
 * Points → tiles, in one go. `chunks` does the same in pieces, for a thread that must stay responsive.
 * @throws INVALID_POINTS, EMPTY_DATA, NON_FINITE_POINT, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT
 */
export function tilePoints(
  points: PointsLike,
  pointWeights?: ArrayLike<number>,
  allocate: Allocate = privateMemory,
): Tiles {
  const tiling = tileInChunks(points, pointWeights, allocate);
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
): Generator<void, Tiles> {
  const source = openPoints(points);
  if (pointWeights === null || (pointWeights !== undefined && typeof pointWeights !== "object")) {
    throw invalidOption("pointWeights", "one number for each point", pointWeights);
  }
  const { count, features, dtype } = source;
  const tiles = allocateTiles({ count, features, dtype, weighted: pointWeights !== undefined }, allocate);
  const rows = Math.max(1, Math.floor(CHUNK / features));
  for (let first = 0; first < count; first += rows) {
    const coordinate = (row: number, feature: number) => source.coordinate(first + row, feature);
    writeRows(tiles, first, Math.min(rows, count - first), coordinate);
    yield;
  }
  if (pointWeights !== undefined) writeWeights(tiles, pointWeights);
  return sealTiles(tiles);
}
