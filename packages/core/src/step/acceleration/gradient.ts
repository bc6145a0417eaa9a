import { matrixChart } from "../../covariance/charts/charts.ts";
import { owners, packedOf } from "../../covariance/covariances.ts";
import { sum } from "../../linear-algebra/sum.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { weightTotal } from "../../statistics/sufficient-statistics.ts";
import type { Fixed } from "../fixed.ts";
import type { BlendedEstimate } from "../prior/prior.ts";
import { origin, partsOf, unitsAt, weightOf, whitenedMoves } from "./coordinates.ts";

/**
 * The gradient of the bound at a mixture, in coordinates about it (derivation.md eq. 44): what EM would change, weighed
 * by the points that each parameter rests on.
 * in: at, a mixture without an empty component; blended, its E-step with the prior; meanPrecision, β₀
 */
export function gradientAt(at: Mixture, blended: BlendedEstimate, meanPrecision: number): Float64Array {
  const { features, weights, covarianceType, factors } = at;
  const all = origin(at);
  const parts = partsOf(all, at);
  const total = weightTotal(blended.statistics);
  const shares = sum(blended.shares);
  const moves = whitenedMoves(blended, at);
  const masses = blended.data.masses.map((mass) => mass + meanPrecision);
  for (let c = 0, i = 0; c < weights.length; c++) {
    parts.weights[c] = (blended.shares[c] - weights[c] * shares) / total;
    for (let j = 0; j < features; j++, i++) parts.means[i] = (moves[i] * masses[c]) / total;
  }
  const chart = matrixChart(covarianceType);
  for (const group of owners(at)) {
    const mass = weightOf({ weights: blended.masses }, group);
    const [own, other] = [factors, blended.factors].map((packed) => packedOf(packed, at, group[0]));
    const outers = group.map((component) => ({
      share: masses[component] / mass,
      vector: moves.subarray(component * features, (component + 1) * features),
    }));
    const slope = chart.slope(chart.ratio(own, other, features), outers, features);
    for (let i = 0; i < slope.length; i++) slope[i] = (slope[i] * mass) / total;
    packedOf(parts.matrices, at, group[0]).set(slope);
  }
  const units = unitsAt(at);
  for (let i = 0; i < all.length; i++) all[i] /= units[i];
  return all;
}

/** The gradient where parts of the mixture stay as they are: their coordinates are 0, and free weights share the rest. */
export function heldGradient(
  gradient: Float64Array,
  at: Mixture,
  { weights, means, covariances }: Fixed,
): Float64Array {
  const held = gradient.slice();
  const parts = partsOf(held, at);
  const free = at.weights.map((weight, component) => (weights[component] === 1 ? 0 : weight));
  const units = free.map(Math.sqrt);
  const slope = sum(parts.weights.map((value, component) => value * units[component])) / sum(free);
  parts.weights.set(
    parts.weights.map((value, component) => (weights[component] === 1 ? 0 : value - slope * units[component])),
  );
  for (let i = 0; i < parts.means.length; i++) if (means[Math.floor(i / at.features)] === 1) parts.means[i] = 0;
  for (const [component] of owners(at))
    if (covariances[component] === 1) packedOf(parts.matrices, at, component).fill(0);
  return held;
}
