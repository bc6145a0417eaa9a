import {
  cholesky,
  choleskyInPlace,
  covarianceOf,
  invertTriangle,
  multiplyTriangles,
} from "../linear-algebra/cholesky.ts";
import { type CompensatedSums, compensatedSums } from "../linear-algebra/compensated-sum.ts";
import { copyOf, zeros } from "../linear-algebra/doubles.ts";
import { greatest } from "../linear-algebra/extremes.ts";
import { directionsOf, FEW, roundingOf } from "../linear-algebra/few-directions.ts";
import { type Columns, inverseRootOf, outerOf, solveTriangle } from "../linear-algebra/low-rank.ts";
import { type RefiningRoom, refineInverse, refiningRoom } from "../linear-algebra/refine-inverse.ts";
import { triangleDiagonal, triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import { inflationOf } from "./conditioning.ts";
import type { EstimatedMatrix, Matrix, Scatter } from "./matrix.ts";
import { framedPart, subtractOuter } from "./shift.ts";

/** How many features a factor may have to be refined. Refining takes d³ operations in two doubles on one thread. */
export const MOST_REFINED = 16;
/** The inflation up to which one step refines a factor; far beyond it, the scatter is taken in a frame. */
export const REFINABLE: number = 2 ** 20;

/** Scatters of up to this share of all directions are looked at for what they span. */
const SEVERAL = 3 / 4;
/** An inflation that only rounding has. */
const NOISE = 2 ** 40;

/** Replaces a variance of exactly 0 in a frame, whose units are standard deviations. */
const LEAST_FRAMED = 2 ** -104;

/** Room in which one covariance after the other is estimated; each estimate is valid until the next. */
export interface TriangleRoom {
  readonly moved: CompensatedSums;
  /** d: the diagonal of a covariance before δδᵀ was subtracted */
  readonly scales: Float64Array;
  readonly root: Float64Array;
  readonly factor: Float64Array;
  readonly refining: RefiningRoom;
}

export function triangleRoom(features: number): TriangleRoom {
  const length = triangleLength(features);
  return {
    moved: compensatedSums(length),
    scales: zeros(features),
    root: zeros(length),
    factor: zeros(length),
    refining: refiningRoom(features),
  };
}

/** The covariance of a triangle: its scatter, moved to the new means, divided by its mass (derivation.md eq. 9, 10). */
export function estimateTriangle(
  { sums, mass, parts, frame, least, rough = false }: Scatter,
  room: TriangleRoom = triangleRoom(least.length),
): EstimatedMatrix {
  const { moved, scales } = room;
  moved.sums.set(sums);
  moved.errors.fill(0);
  for (const part of parts) subtractOuter(moved, framedPart(part, frame));
  for (let j = 0, at = 0; j < scales.length; j++, at += j + 1) scales[j] = sums[at] / mass;
  const scatter = moved.sums;
  for (let i = 0; i < scatter.length; i++) scatter[i] = (scatter[i] + moved.errors[i]) / mass;
  if (frame === null) return fromScatter(scatter, { least, rough }, room);
  return fromFramedScatter(scatter, frame, scales, least);
}

/**
 * Σ = M with R = chol Σ and W = R⁻¹, refined.
 * in: M, packed, becomes the covariance; least, d: replaces a diagonal of 0
 */
function fromScatter(
  scatter: Float64Array,
  { least, rough }: { readonly least: Float64Array; readonly rough: boolean },
  room: TriangleRoom,
): EstimatedMatrix {
  const features = least.length;
  const { scales, root, factor, refining } = room;
  const raised = raiseZeros(scatter, least);
  root.set(scatter);
  if (!choleskyInPlace(root, features)) return fromSingularScatter(scatter, scales, least);
  invertTriangle(root, features, factor.fill(0));
  const matrix = { covariance: scatter, factor };
  const inflation = inflationOf(matrix, features);
  if (!rough && isRefined(inflation, features)) refineInverse(factor, scatter, features, refining);
  return { ...matrix, inflation, singular: raised };
}

function isRefined(inflation: number, features: number): boolean {
  return features <= MOST_REFINED && inflation < REFINABLE;
}

/** The factor of an estimate outside frames that was left rough. */
export function refinedFactor({ covariance, factor }: Matrix, inflation: number, features: number): Float64Array {
  const refined = copyOf(factor);
  if (isRefined(inflation, features)) refineInverse(refined, covariance, features);
  return refined;
}

/** The same if Σ has no factor. */
function fromSingularScatter(scatter: Float64Array, scales: Float64Array, least: Float64Array): EstimatedMatrix {
  const few = fewDirections(scatter, scales, least);
  if (few !== null) return few;
  const root = nudgedFactor(scatter, 0, scales, least);
  if (root === null) return notFinite(scatter);
  const factor = invertTriangle(root, least.length);
  return { covariance: scatter, factor, inflation: Number.POSITIVE_INFINITY, singular: true };
}

/** Scatter M in the frame F → R = chol M, W = R⁻¹F, Σ = L Lᵀ with L = W⁻¹ (derivation.md eq. 27). */
function fromFramedScatter(
  scatter: Float64Array,
  frame: Float64Array,
  scales: Float64Array,
  least: Float64Array,
): EstimatedMatrix {
  const features = scales.length;
  const leastFramed = zeros(features).fill(LEAST_FRAMED);
  const raised = raiseZeros(scatter, leastFramed);
  const thin = thinIn(scatter, features);
  const few = fewFramedDirections(scatter, frame, { least, share: FEW });
  if (few !== null) return few;
  const exact = cholesky(scatter, features, 0, thin);
  const root = exact ?? nudgedFactor(scatter, thin, scales, leastFramed);
  if (root === null) return notFinite(scatter);
  const inverse = invertTriangle(root, features);
  const inflation =
    exact === null ? Number.POSITIVE_INFINITY : inflationOf({ covariance: scatter, factor: inverse }, features);
  // What rounding leaves of u = F z may have a factor, and looks like directions.
  const several = inflation > NOISE ? fewFramedDirections(scatter, frame, { least, share: SEVERAL }) : null;
  if (several !== null) return several;
  const factor = multiplyTriangles(inverse, frame, features);
  return { covariance: covarianceOf(factor, features), factor, inflation, singular: raised || exact === null };
}

/** A covariance of few directions, with the factor of Σ + diag(2 · rounding); null if it has more. */
function fewDirections(covariance: Float64Array, scales: Float64Array, least: Float64Array): EstimatedMatrix | null {
  // What replaced a variance of 0 is no direction.
  const seen = scales.map((scale, j) => Math.max(scale, least[j] * 2 ** 60));
  const columns = directionsOf(covariance, { least: seen, share: SEVERAL });
  return columns && nearlySingular(covariance, columns, scales);
}

/** The same in a frame: M = R Rᵀ, Σ = G Gᵀ with F G = R. Rounding is the same in all directions there. */
function fewFramedDirections(
  scatter: Float64Array,
  frame: Float64Array,
  { least, share }: { readonly least: Float64Array; readonly share: number },
): EstimatedMatrix | null {
  const widest = greatest(triangleDiagonal(scatter, least.length));
  const columns = directionsOf(scatter, { least: least.map(() => widest), share });
  if (columns === null) return null;
  solveTriangle(frame, columns);
  return nearlySingular(outerOf(columns, least), columns, least);
}

/** in: scales, d: at least this much of a variance was rounded */
function nearlySingular(covariance: Float64Array, columns: Columns, scales: Float64Array): EstimatedMatrix {
  const rounding = 2 * roundingOf(scales.length);
  const added = scales.map((scale, j) => rounding * Math.max(scale, covariance[triangleRow(j) + j]));
  const factor = inverseRootOf(columns, added);
  return { covariance, factor, directions: columns, inflation: Number.POSITIVE_INFINITY, singular: true };
}

/** A second look cannot repair a scatter that is not finite. */
function notFinite(scatter: Float64Array): EstimatedMatrix {
  return { covariance: scatter, factor: scatter.map(() => Number.NaN), inflation: 1, singular: true };
}

/** What rounding leaves in a direction without width, in a frame whose units are standard deviations. */
function thinIn(scatter: Float64Array, features: number): number {
  const widest = triangleDiagonal(scatter, features).reduce((most, variance) => Math.max(most, variance), 0);
  return Number.EPSILON * Math.min(widest, 1);
}

/**
 * Replaces variances of exactly 0, whose rows are 0 too; a second look cannot find more. out: whether there were any
 */
function raiseZeros(scatter: Float64Array, least: Float64Array): boolean {
  let some = false;
  for (let j = 0; j < least.length; j++) {
    const diagonal = triangleRow(j) + j;
    if (scatter[diagonal] !== 0) continue;
    scatter[diagonal] = least[j];
    some = true;
  }
  return some;
}

/**
 * The factor of a matrix that is singular, or indefinite by rounding. Its diagonal is raised by the rounding of the
 * values it was computed from, and then by more, until a factor exists. In a frame (thin > 0) rounding is the same in
 * all directions, thin ones included, so all are raised by the same amount and wide ones hardly change. Null if the
 * matrix is not finite.
 */
function nudgedFactor(
  matrix: Float64Array,
  thin: number,
  scales: Float64Array,
  least: Float64Array,
): Float64Array | null {
  const rounding = roundingOf(least.length);
  for (let growth = 1; growth < 2 ** 120; growth *= 256) {
    const raised = copyOf(matrix);
    for (let j = 0; j < least.length; j++) {
      const diagonal = triangleRow(j) + j;
      const variance = raised[diagonal];
      const scale = Math.max(Math.abs(variance), scales[j], least[j]);
      const more = thin > 0 ? LEAST_FRAMED * Math.max(scale, 1) : rounding * scale;
      raised[diagonal] = Math.max(variance, 0) + rounding * scale + growth * more;
    }
    const factor = cholesky(raised, least.length, 0, thin);
    if (factor !== null) return factor;
  }
  return null;
}
