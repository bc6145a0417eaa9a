import {
  type Covariances,
  type FlooredComponent,
  matrixOf,
  owners,
  regularizeCovariances,
  type Shape,
} from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { type Regularization, regularizes } from "../covariance/regularization.ts";
import { covarianceRow } from "../covariance/types.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { weightTotal } from "../statistics/sufficient-statistics.ts";
import type { ComponentEstimates } from "./estimate.ts";

/** The shrinking of a covariance beyond which what the rule of zero dropped might matter. */
export const MOST_SHRINKAGE: number = 2 ** 12;

/** What a step needs of the mixture with which it began. */
export type OldMixture = Pick<Mixture, "weights" | "packedCovariances" | "factors">;

/**
 * Makes the test whether a covariance shrank so much that what the rule of zero dropped, relative to the old one, might
 * matter. Floor and ridge only widen it.
 */
export function shrinkageTest(
  given: ComponentEstimates,
  floored: () => RegularizedCovariances,
  regularization: Regularization,
  old: OldMixture,
): (component: number) => boolean {
  const { layout } = given.statistics;
  const { features, covarianceType } = layout;
  const { floors, ridges } = regularization;
  const base = lazy(() => floors.map((floor, j) => floor + ridges[j]));
  const shrinkage = (component: number, after: Covariances, base?: Float64Array) => {
    const [before, now] = [matrixOf(old, layout, component), matrixOf(after, layout, component)];
    return matrixForm(covarianceType).shrinkage(before, now, features, base);
  };
  const plain = once(layout, (component) => shrinkage(component, given));
  const above = once(layout, (component) => shrinkage(component, floored(), base()));
  const total = weightTotal(given.statistics);
  const lost = (component: number) => (old.weights[component] * total) / given.masses[component];
  const shrunk = (shrinkageOf: (component: number) => number, component: number) =>
    lost(component) * shrinkageOf(component) > MOST_SHRINKAGE;
  const singular = (component: number) => given.inflations[component] === Number.POSITIVE_INFINITY;
  return (component) => {
    if (!regularizes(regularization)) return shrunk(plain, component);
    // To a singular covariance everything shrank without limit.
    return (singular(component) || shrunk(plain, component)) && shrunk(above, component);
  };
}

/** Computes a number for each matrix when it is first asked for. */
function once({ covarianceType }: Shape, of: (component: number) => number): (component: number) => number {
  const known = new Map<number, number>();
  return (component) => {
    const owner = covarianceRow(covarianceType).shared ? 0 : component;
    const value = known.get(owner) ?? of(owner);
    known.set(owner, value);
    return value;
  };
}

/** Covariances after floor and ridge. */
export interface RegularizedCovariances extends Covariances {
  /** the components whose covariance changed */
  readonly changed: ReadonlySet<number>;
  /** those that the floor raised */
  readonly floored: readonly FlooredComponent[];
}

export function regularizedCopy(given: ComponentEstimates, regularization: Regularization): RegularizedCovariances {
  const { layout } = given.statistics;
  const copy = {
    packedCovariances: given.packedCovariances.slice(),
    factors: given.factors.slice(),
    directions: given.directions?.slice(),
  };
  const floored = regularizeCovariances(copy, layout, regularization);
  const raised = new Set(floored.map(({ component }) => component));
  const all = regularization.ridges[0] > 0;
  return {
    ...copy,
    floored,
    changed: new Set(
      owners(layout)
        .filter((group) => all || raised.has(group[0]))
        .flat(),
    ),
  };
}

/** Makes a value when it is first asked for. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
