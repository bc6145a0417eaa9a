import { LEAST_VARIANCE } from "../covariance/conditioning.ts";
import { type EstimatedCovariances, estimateCovariances } from "../covariance/estimates/estimated-covariances.ts";
import type { ManyTriangles } from "../covariance/estimates/many-triangles.ts";
import { quotientError, twoSumError } from "../elementary/rounding.ts";
import { overflow } from "../errors.ts";
import { roundSums } from "../linear-algebra/compensated-sum.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import type { Posterior } from "../mixture/posterior.ts";
import type { SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import type { LimitedCovariances } from "./limited-covariances.ts";

/** What the statistics of a step say about components, each by itself, before any floor (derivation.md eq. 8–12). */
export interface ComponentEstimates extends EstimatedCovariances {
  readonly statistics: SufficientStatistics;
  /** N, k */
  readonly masses: Float64Array;
  /** δ, k × d */
  readonly shifts: Float64Array;
  /** pivot + δ, k × d, as two doubles */
  readonly means: Float64Array;
  readonly meansResidual: Float64Array;
}

/** The same of all components, with what their weights follow. */
export interface Estimate extends ComponentEstimates {
  /** k: the weights are proportional to these */
  readonly shares: Float64Array;
  /** what the limits make of the covariances, where that is known */
  readonly limited?: LimitedCovariances | undefined;
  /** only in variational inference */
  readonly posterior?: Posterior;
}

/** The share of the total mass below which a component counts as empty; with the policy "keep", only 0 does. */
export const EMPTY_MASS: number = 2 ** -100;

/** A component with less mass is empty: its sums have lost their digits to underflow. */
export const LEAST_MASS: number = 2 ** -960;

/** Times the mean, this replaces a deviation of 0. It is below every floor, and its inverse has a finite square. */
const UNSEEN = 2 ** -400;

/** Weights follow the masses. @throws OVERFLOW */
export function estimate(statistics: SufficientStatistics): Estimate {
  const found = estimateComponents(statistics);
  return { ...found, shares: found.masses };
}

/** in: rough: factors may stay as rounding leaves them; many, as of `estimateCovariances`. @throws OVERFLOW */
export function estimateComponents(
  statistics: SufficientStatistics,
  rough = false,
  many: ManyTriangles | null = null,
): ComponentEstimates {
  const { layout, frames } = statistics;
  const { responsibilitySums, weightedSums, scatter } = layout;
  const slot = roundSums(statistics);
  for (let i = 0; i < slot.length; i++) if (!Number.isFinite(slot[i])) throw overflow();
  const sums = slot.subarray(responsibilitySums, weightedSums);
  const masses = zeros(sums.length);
  for (let c = 0; c < masses.length; c++) masses[c] = sums[c] >= LEAST_MASS ? sums[c] : 0;
  const moved = movedMeans(statistics.pivots, masses, slot.subarray(weightedSums, scatter));
  const moments = {
    ...layout,
    ...moved,
    scatter: slot.subarray(scatter),
    masses: sums,
    framed: frames.framed,
    frames: frames.factors,
    least: leastVariances(moved.means),
    rough,
  };
  const covariances = estimateCovariances(moments, many);
  const { shifts, means, meansResidual } = moved;
  return { statistics, masses, shifts, means, meansResidual, ...covariances };
}

/** The variance of the rounding of each mean. */
export function leastVariances(means: Float64Array, least: Float64Array = zeros(means.length)): Float64Array {
  for (let i = 0; i < least.length; i++) least[i] = Math.max((UNSEEN * means[i]) ** 2, LEAST_VARIANCE);
  return least;
}

/** Means and how far they moved, as two doubles each, k × d. */
export interface MovedMeans {
  readonly shifts: Float64Array;
  readonly shiftRests: Float64Array;
  readonly means: Float64Array;
  readonly meansResidual: Float64Array;
}

function roomForMeans(length: number): MovedMeans {
  return { shifts: zeros(length), shiftRests: zeros(length), means: zeros(length), meansResidual: zeros(length) };
}

/**
 * δ = s/N, and pivot + δ, as two doubles each; where N is 0, δ stays as it is.
 * in: pivots p and weighted sums s, k × d; masses N, k. out: moved
 */
export function movedMeans(
  pivots: Float64Array,
  masses: Float64Array,
  sums: Float64Array,
  moved: MovedMeans = roomForMeans(sums.length),
): MovedMeans {
  const features = pivots.length / masses.length;
  const { shifts, shiftRests, means, meansResidual } = moved;
  for (let component = 0, i = 0; component < masses.length; component++) {
    const mass = masses[component];
    for (let j = 0; j < features; j++, i++) {
      if (mass > 0) {
        shifts[i] = sums[i] / mass;
        shiftRests[i] = quotientError(sums[i], mass, shifts[i]);
      }
      const mean = pivots[i] + shifts[i];
      const rest = twoSumError(pivots[i], shifts[i], mean) + shiftRests[i];
      means[i] = mean + rest;
      meansResidual[i] = twoSumError(mean, rest, means[i]);
    }
  }
  return moved;
}
