/** How many numbers a row has: d, and up to three more, which are 0. */
export function rowWidth(features: number): number {
  return Math.ceil(features / ROW_UNIT) * ROW_UNIT;
}

const ROW_UNIT = 4;

/** Rows that are looked at for a direction: more say little more about where many spread. */
export const FEW_ROWS = 16;

/** How large a kernel is made. */
export interface PartingShape {
  readonly features: number;
  /** how many points it parts together, at most */
  readonly points: number;
}

/**
 * Parts rows along directions. It has pairs, of an index of a row and a key, and treats those at [from, end), of which `from`
 * is a multiple of 8. A pair is less than another one by its key, and if they are the same, by its index. All kernels give the
 * same bits.
 */
export interface PartingKernel {
  /** points × `rowWidth(d)`, to be written: coordinates measured alike, of size 2²⁰ at most */
  readonly rows: Float32Array;
  /** points × 2: index and key */
  readonly pairs: Int32Array;
  /** points: how far the row of each pair lies along the direction, once it was projected */
  readonly along: Float32Array;
  /**
   * Looks at some of the rows, `FEW_ROWS` at most. out: some × 4, the square of the distance of each from their mean, in four
   * parts
   */
  survey(from: number, end: number): Float32Array;
  /** direction ← from the mean of those to one of them */
  aim(row: number): void;
  /** direction ← XᵀX direction, with those rows about their mean as X: nearer to where they spread most */
  turn(): void;
  /** Sets `along`, and keys that rise with it. */
  project(from: number, end: number): void;
  /** Brings the pairs that are less than the one at `pivot` to the front. out: where the others begin */
  part(from: number, end: number, pivot: number): number;
}
