import { matrixStart } from "../../../../covariance/shape.ts";
import { covarianceRow } from "../../../../covariance/types.ts";
import { triangleRow } from "../../../../linear-algebra/triangle.ts";
import type { StatisticsLayout } from "../../../../statistics/sufficient-statistics.ts";

/**
 * Turns sums about p into sums about p + Δ, in place: with z = x − p,
 *   Σ r (z − Δ) = s − N Δ,   Σ r (z − Δ)(z − Δ)ᵀ = S − Δ sᵀ − s Δᵀ + N Δ Δᵀ.
 * in: shifts Δ, k × d
 */
export function moveSums(slot: Float64Array, layout: StatisticsLayout, shifts: Float64Array): void {
  const { components, features, responsibilitySums, weightedSums } = layout;
  for (let component = 0; component < components; component++) {
    const row = component * features;
    const sums = slot.subarray(weightedSums + row, weightedSums + row + features);
    const shift = shifts.subarray(row, row + features);
    const mass = slot[responsibilitySums + component];
    const moveOf = (i: number, j: number) => mass * shift[i] * shift[j] - shift[i] * sums[j] - sums[i] * shift[j];
    moveScatter(slot, layout, component, moveOf);
    for (let j = 0; j < features; j++) sums[j] -= mass * shift[j];
  }
}

function moveScatter(
  slot: Float64Array,
  { covarianceType, features, scatter }: StatisticsLayout,
  component: number,
  moved: (i: number, j: number) => number,
): void {
  const { matrix } = covarianceRow(covarianceType);
  const start = scatter + matrixStart(covarianceType, component, features);
  for (let i = 0; i < features; i++) {
    if (matrix === "triangle") for (let j = 0; j <= i; j++) slot[start + triangleRow(i) + j] += moved(i, j);
    else slot[start + (matrix === "diagonal" ? i : 0)] += moved(i, i);
  }
}
