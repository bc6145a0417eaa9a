import { cholesky, invertTriangle } from "./cholesky.ts";
import { type Columns, dot, gramOf, lowRankColumns, quadraticForm, rootOfGram, timesColumns } from "./low-rank.ts";
import { toSingularColumns } from "./singular-columns.ts";
import { triangleDiagonal, triangleRow } from "./triangle.ts";

// Covariances with few directions in many features: n points span at most n − 1 directions. Such a Σ is G Gᵀ, a floored
// one F + G Gᵀ, and everything about them follows from the columns of G (derivation.md §6).

/** With fewer features, decompositions of whole matrices keep more digits and cost little. */
const FEWEST_FEATURES = 65;

/** The rounding of a variance in d features, as a share of it (derivation.md §9). */
export function roundingOf(features: number): number {
  return 16 * features * Number.EPSILON;
}

export interface Looked {
  /** d: a variance up to the rounding of this much is rounding */
  readonly least: Float64Array;
  /** d: subtracted from the diagonal; default 0 */
  readonly base?: Float64Array;
  /** the share of all directions that still counts as few */
  readonly share: number;
}

/** G of Σ − diag(base); null if its directions are not few, or the features are not many. */
export function directionsOf(covariance: Float64Array, { least, base, share }: Looked): Columns | null {
  const features = least.length;
  const variances = triangleDiagonal(covariance, features);
  if (features < FEWEST_FEATURES || !variances.every(Number.isFinite)) return null;
  const scale = variances.map((variance, j) => Math.max(variance, least[j]));
  const tolerance = scale.map((size) => roundingOf(features) * size);
  return lowRankColumns(covariance, { ...(base && { base }), tolerance, scale, most: Math.floor(features * share) });
}

/** With more directions than this share of all, the factor of the whole matrix costs less. */
export const FEW: number = 1 / 8;

/** Do doubles show these variances beside those of Σ? in: d */
export function shows(covariance: Float64Array, variances: Float64Array): boolean {
  return variances.every((added, j) => added > Number.EPSILON * variances.length * covariance[triangleRow(j) + j]);
}

/**
 * The floor of derivation.md eq. 22 by the singular values s of F^(−½) G: G′ with
 * F^(½) V (s² − 1) Vᵀ F^(½) = G′ G′ᵀ for all s above 1. in: F, d
 */
export function aboveFloor(columns: Columns, floors: Float64Array): Columns {
  if (columns.length === 0) return columns;
  const root = rootOfGram(
    scaledBy(
      columns,
      floors.map((floor) => 1 / Math.sqrt(floor)),
    ),
  );
  return timesColumns(columns, allAboveOne(root, columns.length) ?? someAboveOne(root, columns.length));
}

/** How many singular values of diag(h) G exceed 1. in: h, d */
export function rankOfColumns(columns: Columns, scales: Float64Array): number {
  if (columns.length === 0) return 0;
  const root = rootOfGram(scaledBy(columns, scales));
  return allAboveOne(root, columns.length)?.length ?? someAboveOne(root, columns.length).length;
}

function scaledBy(columns: Columns, scales: Float64Array): Float64Array[] {
  return columns.map((column) => {
    const scaled = column.slice();
    for (let j = 0; j < scaled.length; j++) scaled[j] *= scales[j];
    return scaled;
  });
}

/** If all singular values of R exceed 1: the columns of B with B Bᵀ = I − (R Rᵀ)⁻¹; otherwise null. in: R, packed */
function allAboveOne(root: Float64Array, rank: number): Columns | null {
  const inverse = columnsOf(invertTriangle(root, rank), rank);
  const complement = new Float64Array(root.length);
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b <= a; b++) complement[triangleRow(a) + b] = Number(a === b) - dot(inverse[a], inverse[b]);
  }
  const half = cholesky(complement, rank);
  return half === null ? null : columnsOf(half, rank);
}

/** The same for the singular values s above 1: u √(1 − 1/s²) for each left singular vector u. */
function someAboveOne(root: Float64Array, rank: number): Columns {
  const columns = new Float64Array(rank * rank);
  for (let i = 0, at = 0; i < rank; i++) for (let j = 0; j <= i; j++, at++) columns[j * rank + i] = root[at];
  if (!columns.every(Number.isFinite)) return [];
  const lengths = new Float64Array(rank);
  toSingularColumns(columns, lengths);
  return Array.from(lengths).flatMap((s, l) => {
    if (!(s > 1)) return [];
    const times = Math.sqrt(1 - 1 / s ** 2) / s;
    return [columns.slice(l * rank, (l + 1) * rank).map((entry) => times * entry)];
  });
}

/** The rows of a lower triangle, filled up with 0. */
function rowsOf(lower: Float64Array, size: number): Columns {
  return Array.from({ length: size }, (_, i) => {
    const row = new Float64Array(size);
    row.set(lower.subarray(triangleRow(i), triangleRow(i + 1)));
    return row;
  });
}

function columnsOf(lower: Float64Array, size: number): Columns {
  const rows = rowsOf(lower, size);
  return Array.from({ length: size }, (_, j) => Float64Array.from(rows, (row) => row[j]));
}

/** tr((D + G Gᵀ)⁻¹ Σ) = tr(D⁻¹ Σ) − tr(C⁻¹ Xᵀ Σ X) with X = D⁻¹ G, C = I + Gᵀ X. in: D, d; Σ, packed */
export function traceOf(columns: Columns, diagonal: Float64Array, covariance: Float64Array): number {
  const rank = columns.length;
  const inverse = diagonal.map((value) => 1 / value);
  const trace = inverse.reduce((sum, value, j) => sum + value * covariance[triangleRow(j) + j], 0);
  if (rank === 0) return trace;
  const inner = gramOf(columns, inverse);
  for (let l = 0; l < rank; l++) inner[triangleRow(l) + l] += 1;
  const root = cholesky(inner, rank);
  if (root === null) return Number.NaN;
  const turned = scaledBy(columns, inverse);
  const whitened = timesColumns(turned, rowsOf(invertTriangle(root, rank), rank));
  return whitened.reduce((left, column) => left - quadraticForm(covariance, column), trace);
}
