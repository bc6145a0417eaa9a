import type { DensityLayout } from "../../density.ts";
import type { StatisticsLayout } from "../../sufficient-statistics.ts";

/**
 * The parameters of one component as a kernel walks them, in bytes from their start:
 * log constant, β of the rule of zero, pivot (d), −b (d), factor.
 */
export interface ComponentLayout {
  readonly logConstant: number;
  readonly zeroThreshold: number;
  readonly pivot: number;
  readonly biases: number;
  readonly factor: number;
  readonly bytes: number;
}

export function componentLayout(features: number, factorLength: number): ComponentLayout {
  const pivot = 16;
  const biases = pivot + 8 * features;
  const factor = biases + 8 * features;
  const bytes = Math.ceil((factor + 8 * factorLength) / 16) * 16;
  return { logConstant: 0, zeroThreshold: 8, pivot, biases, factor, bytes };
}

/**
 * Writes what all covariance types have in common.
 * in: parameters; out: one component's numbers
 */
export function packComponent(
  layout: ComponentLayout,
  density: DensityLayout,
  parameters: Float64Array,
  component: number,
  out: Float64Array,
): void {
  const { features } = density;
  const row = component * features;
  out[layout.logConstant / 8] = parameters[density.logConstants + component];
  out[layout.zeroThreshold / 8] = parameters[density.zeroThresholds + component];
  for (let j = 0; j < features; j++) {
    out[layout.pivot / 8 + j] = parameters[density.pivots + row + j];
    out[layout.biases / 8 + j] = -parameters[density.biases + row + j];
  }
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
