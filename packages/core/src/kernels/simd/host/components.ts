/** Some components, rising: the first `count` of the numbers. */
export interface Components {
  readonly numbers: Int32Array;
  count: number;
}
