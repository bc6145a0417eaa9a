import { matrixOf, packedCovariances } from "../covariance/covariances.ts";
import { featuresMismatch, invalidOption } from "../errors.ts";
import { assignment } from "../linear-algebra/assignment.ts";
import { noOrderOfSticks } from "./errors.ts";
import type { Mixture } from "./mixture.ts";
import { bhattacharyyaDistances } from "./overlap.ts";
import type { Posterior } from "./posterior.ts";

/** What components are ordered by: their weights, the heaviest first, or the means of a feature (from 0), the least first. */
export type ComponentOrder = "weight" | number;

/** The components in an order that does not depend on how they were found. out: k, which component comes where */
export function componentOrder(mixture: Mixture, by: ComponentOrder): number[] {
  const { components, features, weights, means } = mixture;
  if (by !== "weight" && !(Number.isInteger(by) && by >= 0 && by < features)) {
    throw invalidOption("by", `"weight" or the index of a feature, from 0 to ${features - 1}`, by);
  }
  const first = (a: number, b: number) =>
    by === "weight" ? weights[b] - weights[a] : means[a * features + by] - means[b * features + by];
  return Array.from({ length: components }, (_, component) => component).sort(
    (a, b) => first(a, b) || compareMeans(mixture, a, b) || a - b,
  );
}

/** By the first feature in which they differ. */
function compareMeans({ features, means }: Mixture, a: number, b: number): number {
  for (let j = 0; j < features; j++) {
    const difference = means[a * features + j] - means[b * features + j];
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The components in the order of another mixture's that they are most like, pair by pair, so that the sum of their
 * Bhattacharyya distances is least; those that are left over follow, the heaviest first.
 * out: k, which component comes where
 */
export function matchingOrder(mixture: Mixture, to: Mixture): number[] {
  if (mixture.features !== to.features) throw featuresMismatch(to.features, mixture.features);
  if (mixture.components < to.components) {
    throw invalidOption(
      "to",
      `a mixture of at most ${mixture.components} components, as many as this one`,
      to.components,
    );
  }
  const matched = [...assignment(bhattacharyyaDistances(to, mixture), to.components, mixture.components)];
  const others = componentOrder(mixture, "weight").filter((component) => !matched.includes(component));
  return [...matched, ...others];
}

/**
 * The same mixture with its components in another order. in: order, k, which component comes where
 * @throws INVALID_MIXTURE for the posterior of a stick-breaking process, which has an order of its own
 */
export function inOrder(mixture: Mixture, order: readonly number[]): Mixture {
  if (order.every((component, i) => component === i)) return mixture;
  const { weights, means, meansResidual, posterior, features } = mixture;
  return {
    ...mixture,
    weights: rowsIn(weights, 1, order),
    means: rowsIn(means, features, order),
    meansResidual: rowsIn(meansResidual, features, order),
    ...packedCovariances(mixture, ([component]) => matrixOf(mixture, mixture, order[component])),
    ...(posterior && { posterior: posteriorIn(posterior, order) }),
  };
}

function posteriorIn(posterior: Posterior, order: readonly number[]): Posterior {
  const { weightConcentrationType, weightConcentration, meanPrecision, degreesOfFreedom } = posterior;
  if (weightConcentrationType === "process") throw noOrderOfSticks();
  return {
    weightConcentrationType,
    weightConcentration: rowsIn(weightConcentration, 1, order),
    meanPrecision: rowsIn(meanPrecision, 1, order),
    degreesOfFreedom: rowsIn(degreesOfFreedom, 1, order),
  };
}

function rowsIn(values: Float64Array, perRow: number, order: readonly number[]): Float64Array {
  return values.map((_, i) => values[order[Math.floor(i / perRow)] * perRow + (i % perRow)]);
}
