import {
  type EvaluatedArrays,
  featuresMismatch,
  invalidOption,
  type Mixture,
  marginal,
  type PointsLike,
  patternsOf,
  type Quantity,
  type RowPattern,
  withPauses,
} from "@emix/core";
import { yieldToEvents } from "../pause.ts";

/** Evaluates points under a mixture of their features. */
export type EvaluatePart = (points: PointsLike, mixture: Mixture) => Promise<EvaluatedArrays<Quantity>>;

/**
 * Evaluates rows that may lack numbers, each under the mixture of the features that it has; those that have the same ones
 * together.
 * @throws FEATURES_MISMATCH, NON_FINITE_POINT for a row without a number, INVALID_OPTION for a mixture with a posterior
 */
export async function evaluateMarginals(
  points: PointsLike,
  mixture: Mixture,
  quantities: readonly Quantity[],
  evaluate: EvaluatePart,
): Promise<EvaluatedArrays<Quantity>> {
  if (mixture.posterior !== undefined) {
    throw invalidOption("missing", '"error" or "drop" for a mixture with a posterior', "marginal");
  }
  const { patterns, features, rowCount, pointsOf } = await withPauses(patternsOf(points), yieldToEvents);
  if (features !== mixture.features) throw featuresMismatch(mixture.features, features);
  const whole: Partial<Record<Quantity, Float64Array | Int32Array>> = {};
  for (const pattern of patterns) {
    const data = await withPauses(pointsOf(pattern), yieldToEvents);
    const isWhole = pattern.features.length === features;
    const part = isWhole ? mixture : marginal(mixture, pattern.features);
    const found = await evaluate({ data, features: pattern.features.length }, part);
    for (const quantity of quantities) {
      whole[quantity] ??= room(found[quantity], (rowCount * found[quantity].length) / pattern.rows.length);
      place(found[quantity], pattern, whole[quantity]);
    }
  }
  return whole as EvaluatedArrays<Quantity>;
}

function room(like: Float64Array | Int32Array, length: number): Float64Array | Int32Array {
  return like instanceof Int32Array ? new Int32Array(length) : new Float64Array(length);
}

/** Puts the values of a pattern's rows in their places. */
function place(values: ArrayLike<number>, { rows }: RowPattern, out: Float64Array | Int32Array): void {
  const perRow = values.length / rows.length;
  for (let i = 0, from = 0; i < rows.length; i++) {
    for (let to = rows[i] * perRow; to < (rows[i] + 1) * perRow; to++) out[to] = values[from++];
  }
}
