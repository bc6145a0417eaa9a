import { logarithm } from "../../elementary/logarithm.ts";
import { add, compensatedSums, roundSums } from "../../linear-algebra/compensated-sum.ts";
import { notPositive } from "../errors.ts";
import { type Place, placeInArray } from "../place.ts";
import { rowsOf } from "../rows.ts";
import { rowMajorBatch } from "../source.ts";
import { atOnce } from "../stretches.ts";
import { TileWriter } from "../tile-writer.ts";
import { firstWeighing, readPoint, type Tiles, type TilesInMemory } from "../tiles.ts";

/** What happens to a feature before a mixture sees it: x → ((log ? ln x : x) − centre) / scale, scale > 0. */
export interface Transform {
  /** whether the logarithm of the feature is taken first */
  readonly log: boolean;
  /** what is subtracted then */
  readonly centre: number;
  /** what the difference is divided by, above 0 */
  readonly scale: number;
}

/** One number as a mixture sees it. in: value, above 0 where its logarithm is taken */
export function transformNumber(value: number, { log, centre, scale }: Transform): number {
  return ((log ? logarithm(value) : value) - centre) / scale;
}

/** log |dz/dx| of a point, to be added to a log density of z for that of x. in: point, z, d */
export function logVolume(point: ArrayLike<number>, transforms: readonly Transform[]): number {
  let volume = 0;
  for (const [j, { log, centre, scale }] of transforms.entries()) {
    volume -= logarithm(scale) + (log ? point[j] * scale + centre : 0);
  }
  return volume;
}

/** Names a number of the points. in: both counted from 0 */
export type PlaceOf = (row: number, column: number) => Place;

export interface TransformChoice {
  /** d: the features to take logarithms of */
  readonly log: readonly boolean[];
  /** true: every feature then has mean 0 and standard deviation 1 (a constant one: 0) */
  readonly standardize: boolean;
}

/** The transforms of these points. out: d. @throws INVALID_POINTS where a logarithm of 0 or less is asked for */
export function transformsOf(
  tiles: Tiles,
  { log, standardize }: TransformChoice,
  placeOf: PlaceOf = placeInArray,
): Transform[] {
  const plain = log.map((each) => ({ log: each, centre: 0, scale: 1 }));
  if (!standardize) return plain;
  requireLogarithms(tiles, plain, placeOf);
  const from = takeLogarithms(plain, readPoint(tiles, firstWeighing(tiles), new Float64Array(tiles.features)));
  const units = new Float64Array(tiles.features);
  const offsets = meanOf(tiles, plain, (value, j) => {
    units[j] = Math.max(units[j], Math.abs(value - from[j]));
    return value - from[j];
  });
  const centres = offsets.map((offset, j) => from[j] + offset);
  // In units near the deviations, so that no square leaves the range of a double.
  const variances = meanOf(tiles, plain, (value, j) => ((value - from[j] - offsets[j]) / (units[j] || 1)) ** 2);
  return plain.map((each, j) => ({ ...each, centre: centres[j], scale: units[j] * Math.sqrt(variances[j]) || 1 }));
}

/**
 * The points as a mixture sees them, in the memory of the given ones, which are then gone.
 * @throws INVALID_POINTS where a logarithm of 0 or less is asked for
 */
export function transformTiles(
  tiles: TilesInMemory,
  transforms: readonly Transform[],
  placeOf: PlaceOf = placeInArray,
): TilesInMemory {
  const writer = new TileWriter({ ...tiles, exponents: null, nodes: undefined });
  requireLogarithms(tiles, transforms, placeOf);
  writeTransformed(writer, tiles, transforms, { first: 0, end: tiles.count });
  return atOnce(writer.seal());
}

/** Writes the points [first, end) as a mixture sees them. */
export function writeTransformed(
  writer: TileWriter,
  tiles: Tiles,
  transforms: readonly Transform[],
  range: { readonly first: number; readonly end: number },
): void {
  const row = new Float64Array(tiles.features);
  const batch = rowMajorBatch(row, 1, row.length);
  const write = (values: Float64Array, point: number) => {
    for (const [j, { centre, scale }] of transforms.entries()) row[j] = (values[j] - centre) / scale;
    writer.write(point, batch, 0, 1);
  };
  forEachPoint(tiles, transforms, write, range);
}

/**
 * log |dz/dx| of every point that was kept, to be added to a log density of z for that of x.
 * in: the points as they are after `transformTiles`. out: n
 */
export function logVolumes(tiles: Tiles, transforms: readonly Transform[]): Float64Array {
  const volumes = new Float64Array(tiles.count);
  const point = new Float64Array(tiles.features);
  for (let i = 0; i < tiles.count; i++) volumes[i] = logVolume(readPoint(tiles, i, point), transforms);
  return volumes;
}

/** Σ w f(value) / Σ w of every feature. */
function meanOf(
  tiles: Tiles,
  transforms: readonly Transform[],
  of: (value: number, column: number) => number,
): Float64Array {
  const sums = compensatedSums(tiles.features);
  const total = compensatedSums(1);
  forEachPoint(tiles, transforms, (values, point) => {
    const weight = tiles.pointWeights?.[point] ?? 1;
    if (weight === 0) return;
    add(total, 0, weight);
    for (let j = 0; j < values.length; j++) add(sums, j, weight * of(values[j], j));
  });
  const [all] = roundSums(total);
  return roundSums(sums).map((sum) => sum / all);
}

/** Visits points, by default all that were kept, their logarithms taken but nothing else done. */
function forEachPoint(
  tiles: Tiles,
  transforms: readonly Transform[],
  visit: (values: Float64Array, point: number) => void,
  { first, end } = { first: 0, end: tiles.count },
): void {
  const values = new Float64Array(tiles.features);
  for (let point = first; point < end; point++) {
    visit(takeLogarithms(transforms, readPoint(tiles, point, values)), point);
  }
}

/** Refuses a number without a logarithm where one is asked for: the first one, by the caller's rows. */
export function requireLogarithms(tiles: Tiles, transforms: readonly Transform[], placeOf: PlaceOf): void {
  if (!transforms.some(({ log }) => log)) return;
  const rows = rowsOf(tiles);
  const values = new Float64Array(tiles.features);
  let first = { row: Number.POSITIVE_INFINITY, column: 0, value: 0 };
  for (let point = 0; point < tiles.count; point++) {
    const column = readPoint(tiles, point, values).findIndex((value, j) => transforms[j].log && !(value > 0));
    const row = rows?.[point] ?? point;
    if (column >= 0 && row < first.row) first = { row, column, value: values[column] };
  }
  if (Number.isFinite(first.row)) throw notPositive(placeOf(first.row, first.column), first.value);
}

/** Takes logarithms, in place. */
function takeLogarithms(transforms: readonly Pick<Transform, "log">[], values: Float64Array): Float64Array {
  for (let j = 0; j < values.length; j++) if (transforms[j].log) values[j] = logarithm(values[j]);
  return values;
}
