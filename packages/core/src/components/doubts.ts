import { MOST_INFLATION } from "../covariance/conditioning.ts";
import { diagonalsOf, inflationsOf, owners } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import type { Regularization } from "../covariance/regularization.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import type { ComponentEstimates } from "./estimate.ts";
import { lazy, type OldMixture, type RegularizedCovariances, shrinkageTest } from "./shrinking.ts";

/** The squared move of a mean, in variances, beyond which subtracting δδᵀ costs the covariance more than a digit. */
export const MOST_MOVE: number = 16;

/**
 * The components whose statistics are not accurate enough (derivation.md §9). in: floored, the
 * covariances after floor and ridge; old, the mixture that the responsibilities belong to, if the rule of zero may have rounded them
 */
export function doubts(
  given: ComponentEstimates,
  floored: () => RegularizedCovariances,
  regularization: Regularization,
  old: OldMixture | null,
): number[] {
  const { layout } = given.statistics;
  const moves = movesOf(given, regularization);
  const shrunk = old === null ? () => false : shrinkageTest(given, floored, regularization, old);
  const thin = thinnessTest(given, floored);
  const doubtful = (component: number): boolean =>
    given.masses[component] > 0 && (moves[component] > MOST_MOVE || shrunk(component) || thin(component));
  // A scatter that components share can be measured again only as a whole.
  const found: number[] = [];
  for (const group of owners(layout)) {
    if (group.some(doubtful)) for (const component of group) found.push(component);
  }
  return found;
}

/** Makes the test whether the scatter of a component is too thin for the frame in which it was taken. */
function thinnessTest(
  given: ComponentEstimates,
  floored: () => RegularizedCovariances,
): (component: number) => boolean {
  const { layout, frames } = given.statistics;
  const flooredInflations = lazy(() => inflationsOf(floored(), layout));
  return (component) => {
    if (!(given.inflations[component] > MOST_INFLATION)) return false;
    // A direction that the floor will raise anyway needs no more digits once it was measured in a frame.
    if (floored().changed[component] === 0) return true;
    return flooredInflations()[component] > MOST_INFLATION && frames.framed[component] === 0;
  };
}

/** The square of each mean's move in the step, in variances that the M-step will at least leave. out: k */
function movesOf(given: ComponentEstimates, { floors, ridges }: Regularization): Float64Array {
  const { layout } = given.statistics;
  const { features, covarianceType } = layout;
  const variances = diagonalsOf(given.packedCovariances, layout);
  for (let i = 0; i < variances.length; ) {
    for (let j = 0; j < features; j++, i++) variances[i] = Math.max(variances[i], floors[j]) + ridges[j];
  }
  const moves = zeros(layout.components);
  const form = matrixForm(covarianceType);
  const squares = zeros(features);
  for (const group of owners(layout)) {
    const start = group[0] * features;
    setSquaredShifts(given, group, squares);
    const move = form.move(squares, variances.subarray(start, start + features));
    for (const component of group) moves[component] = move;
  }
  return moves;
}

/** δ_j² of a component; for several, the average by mass. out: squares, d */
function setSquaredShifts(
  { shifts, masses }: ComponentEstimates,
  group: readonly number[],
  squares: Float64Array,
): void {
  const alone = group.length === 1;
  const total = group.reduce((sum, component) => sum + masses[component], 0);
  squares.fill(0);
  for (const component of group) {
    for (let j = 0, at = component * squares.length; j < squares.length; j++, at++) {
      squares[j] += alone ? shifts[at] ** 2 : masses[component] * shifts[at] ** 2;
    }
  }
  if (!alone) for (let j = 0; j < squares.length; j++) squares[j] /= total;
}
