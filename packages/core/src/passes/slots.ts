/** The result of a pass: one slot of numbers for each block, in the order of the blocks. */
export interface Slots {
  /** blocks × slotLength */
  readonly values: Float64Array;
  readonly blocks: number;
  readonly slotLength: number;
}
