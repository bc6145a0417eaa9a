import {
  type Covariances,
  type FlooredComponent,
  matrixOf,
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
  const form = matrixForm(covarianceType);
  const shrinkage = (component: number, after: Covariances, base?: Float64Array) => {
    const [before, now] = [matrixOf(old, layout, component), matrixOf(after, layout, component)];
    return form.shrinkage(before, now, features, { enough: enough(component), ...(base && { base }) });
  };
  const plain = once(layout, (component) => shrinkage(component, given));
  const above = once(layout, (component) => shrinkage(component, floored(), base()));
  const total = weightTotal(given.statistics);
  const lost = (component: number) => (old.weights[component] * total) / given.masses[component];
  // A bound of half of what is asked settles it; components that share a matrix ask for different shares.
  const apart = !covarianceRow(covarianceType).shared;
  const enough = (component: number) => (apart ? MOST_SHRINKAGE / 2 / lost(component) : 0);
  const shrunk = (shrinkageOf: (component: number) => number, component: number) =>
    lost(component) * shrinkageOf(component) > MOST_SHRINKAGE;
  const singular = (component: number) => given.inflations[component] === Number.POSITIVE_INFINITY;
  return (component) => {
    if (!regularizes(regularization)) return shrunk(plain, component);
    // To a singular covariance everything shrank without limit.
    return (singular(component) || shrunk(plain, component)) && shrunk(above, component);
  };
}

/** Computes the number of a matrix once: components that have their own ask but once. */
function once({ covarianceType }: Shape, of: (component: number) => number): (component: number) => number {
  return covarianceRow(covarianceType).shared ? lazy(() => of(0)) : of;
}

/** Covariances after floor and ridge. */
export interface RegularizedCovariances extends Covariances {
  /** k: 1 where a covariance changed */
  readonly changed: Uint8Array;
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
  const changed = new Uint8Array(layout.components);
  const all = regularization.ridges[0] > 0 || (floored.length > 0 && covarianceRow(layout.covarianceType).shared);
  if (all) changed.fill(1);
  for (const { component } of floored) changed[component] = 1;
  return { ...copy, floored, changed };
}

/** Makes a value when it is first asked for. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
