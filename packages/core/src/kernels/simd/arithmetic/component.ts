import type { StatisticsLayout } from "../../../statistics/sufficient-statistics.ts";

/**
 * The parameters of one component as a kernel walks them, in bytes from their start:
 * log constant and β of the rule of zero in f64, then in the arithmetic's numbers pivot (d), −b (d), factor.
 */
export interface ComponentLayout {
  readonly logConstant: number;
  readonly zeroThreshold: number;
  readonly pivot: number;
  readonly biases: number;
  readonly factor: number;
  readonly bytes: number;
}

/** Where a triangle stands, in bytes: in the numbers of each component, or in those that all share, laid out alike. */
export interface TrianglePlace {
  readonly shared: boolean;
  readonly offset: number;
}

export function componentLayout(features: number, factorLength: number, bytes: number): ComponentLayout {
  const pivot = 16;
  const biases = pivot + bytes * features;
  const factor = biases + bytes * features;
  const end = Math.ceil((factor + bytes * factorLength) / 16) * 16;
  return { logConstant: 0, zeroThreshold: 8, pivot, biases, factor, bytes: end };
}

/** in: sums: N, s of a component; out: slot */
export function unpackMass(
  sums: Float64Array,
  { features, responsibilitySums, weightedSums }: StatisticsLayout,
  component: number,
  slot: Float64Array,
): void {
  slot[responsibilitySums + component] = sums[0];
  for (let j = 0; j < features; j++) slot[weightedSums + component * features + j] = sums[1 + j];
}
