import { isPlainObject } from "../errors.ts";
import {
  bufferForNumbers,
  emptyData,
  invalidPoints,
  invalidRow,
  noRow,
  numberForRow,
  otherKey,
  stringForPoints,
} from "./errors.ts";
import { placeInArray } from "./place.ts";
import { type ArraySource, type RowBatch, rowMajorBatch } from "./source.ts";
import { rowsInStretch } from "./stretches.ts";
import type { Dtype } from "./tiles.ts";

/** An array of numbers, typed or plain. In a plain one, some may be missing. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | readonly (number | null | undefined)[];

/** n × d, row-major, in one array. A Float32Array is stored as f32, all others as f64. */
export interface FlatPoints<Data extends NumberArray = Float64Array | Float32Array> {
  /** n · d numbers, point by point */
  readonly data: Data;
  /** d */
  readonly features: number;
}

/** What emix needs of an ml-matrix `Matrix`: n rows, d columns. */
export interface MatrixLike {
  /** n */
  readonly rows: number;
  /** d */
  readonly columns: number;
  /** One number; row and column are counted from 0. */
  get(row: number, column: number): number;
}

/**
 * Points as callers have them: an array of rows, one flat array with its number of features, or an ml-matrix Matrix.
 * NaN, ±∞, null and undefined are missing numbers.
 */
export type PointsLike = FlatPoints<NumberArray> | readonly ArrayLike<number | null | undefined>[] | MatrixLike;

/** Reads the shape of points. Numbers are checked when they are tiled. @throws INVALID_POINTS, EMPTY_DATA */
export function openPoints(points: PointsLike): ArraySource {
  if (typeof points === "string") throw stringForPoints(points);
  if (typeof points !== "object" || points === null) throw invalidPoints(POINTS_EXPECTED, points);
  if (isRows(points)) return openRows(points);
  if ("rows" in points && "columns" in points && typeof points.get === "function") return openMatrix(points);
  if ("data" in points && !(Symbol.iterator in points)) return openFlat(points);
  throw invalidPoints(POINTS_EXPECTED, points);
}

const POINTS_EXPECTED =
  "an array of rows of numbers (of one feature: [[x], …]), { data: an array of numbers, features }, or an ml-matrix Matrix";

function isRows(points: PointsLike): points is readonly ArrayLike<number | null | undefined>[] {
  return Array.isArray(points);
}

function openFlat(points: FlatPoints<NumberArray>): ArraySource {
  const { data, features, ...others } = points;
  const [other] = isPlainObject(points) ? Object.keys(others) : [];
  if (other !== undefined) throw otherKey(other);
  const typed = isTypedArray(data);
  if (typed && data.constructor.name === "Buffer") throw bufferForNumbers(data);
  if (!typed && !Array.isArray(data)) {
    throw invalidPoints("given with `data` in an array of numbers, typed or plain", data);
  }
  if (!Number.isInteger(features) || features < 1) {
    throw invalidPoints("given with a number of `features` from 1 up", features);
  }
  if (data.length === 0) throw emptyData();
  if (data.length % features !== 0) {
    throw invalidPoints(`given with a multiple of features = ${features} numbers`, data.length);
  }
  const shape = { rows: data.length / features, features };
  if (!typed) return copiedSource(shape, (row, column) => numberIn(data[row * features + column], row, column));
  if (data instanceof Float64Array || data instanceof Float32Array) return floatSource(shape, data);
  return arraySource(shape, (first, rowCount) => {
    return rowMajorBatch(
      Float64Array.from(data.subarray(first * features, (first + rowCount) * features)),
      rowCount,
      features,
    );
  });
}

/** True for typed arrays of numbers, not of bigints. */
function isTypedArray(data: NumberArray): data is Exclude<NumberArray, readonly unknown[]> {
  if (!ArrayBuffer.isView(data) || data instanceof DataView) return false;
  return !(data instanceof BigInt64Array || data instanceof BigUint64Array);
}

function openRows(rows: readonly ArrayLike<number | null | undefined>[]): ArraySource {
  if (rows.length === 0) throw emptyData();
  if (typeof rows[0] === "number") throw numberForRow(rows[0], 0);
  const features = rows[0]?.length ?? 0;
  if (!Number.isInteger(features) || features < 1) throw noRow(rows[0]);
  const shape = { rows: rows.length, features };
  return copiedSource(shape, (row, column) => {
    const values = rows[row];
    if (values?.length !== features) throw brokenRow(values, row, features);
    return numberIn(values[column], row, column);
  });
}

function brokenRow(values: unknown, row: number, features: number): Error {
  if (typeof values === "number") return numberForRow(values, row);
  const length = (values as ArrayLike<number> | null | undefined)?.length;
  return invalidRow(`rows of ${features} numbers each`, length ?? values, placeInArray(row));
}

function openMatrix(matrix: MatrixLike): ArraySource {
  const { rows, columns: features } = matrix;
  for (const size of [rows, features])
    if (!Number.isSafeInteger(size) || size < 0)
      throw invalidPoints("a matrix with whole numbers of rows and columns", size);
  if (rows === 0 || features === 0) throw emptyData();
  return copiedSource({ rows, features }, (row, column) => numberIn(matrix.get(row, column), row, column));
}

/** Null and undefined are missing numbers. Text and the like are refused, not converted. */
function numberIn(value: unknown, row: number, column: number): number {
  if (typeof value === "number") return value;
  if (value === null || value === undefined) return Number.NaN;
  throw invalidRow("numbers only", value, placeInArray(row, column));
}

interface Shape {
  readonly rows: number;
  readonly features: number;
}

/** Numbers that are taken as they lie there. */
function floatSource(shape: Shape, data: Float64Array | Float32Array): ArraySource {
  const { features } = shape;
  const dtype = data instanceof Float32Array ? "f32" : "f64";
  return arraySource(
    shape,
    (first, rowCount) => rowMajorBatch(first === 0 ? data : data.subarray(first * features), rowCount, features),
    dtype,
  );
}

/** Numbers that are asked for one by one. */
function copiedSource(shape: Shape, at: (row: number, column: number) => number): ArraySource {
  const { features } = shape;
  return arraySource(shape, (first, rowCount) => {
    const values = new Float64Array(rowCount * features);
    for (let row = 0, i = 0; row < rowCount; row++) {
      for (let column = 0; column < features; column++) values[i++] = at(first + row, column);
    }
    return rowMajorBatch(values, rowCount, features);
  });
}

function arraySource(
  { rows, features }: Shape,
  batch: (first: number, rowCount: number) => RowBatch,
  dtype: Dtype = "f64",
): ArraySource {
  const step = rowsInStretch(features);
  return {
    features,
    dtype,
    weighted: false,
    count: () => ({ rows, complete: null }),
    *batches() {
      for (let first = 0; first < rows; first += step) yield batch(first, Math.min(step, rows - first));
    },
    place: placeInArray,
  };
}
