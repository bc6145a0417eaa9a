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
   * Finds a direction in which the rows spread much: from the mean of some, `FEW_ROWS` at most, to the farthest of them; of
   * many, turned by a step of the power iteration. Sets `along`, and keys that rise with it. in: four pairs at least. out: which
   * share of some of them 2-means along the direction puts below; null if the rows do not spread
   */
  aim(from: number, end: number): number | null;
  /** Brings the least pairs to [from, middle), `middle` being between `from` and `end`. */
  choose(from: number, end: number, middle: number): void;
}
