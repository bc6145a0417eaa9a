import { packedOf } from "../../covariance/covariances.ts";
import { matrixForm } from "../../covariance/forms.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { greatest } from "../../linear-algebra/extremes.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { type AnyExecutor, gather } from "../../passes/executor.ts";
import { gatheredBytes } from "../../points/gather.ts";
import { storedPoint } from "../../points/tiles.ts";
import type { Members, Memberships } from "./members.ts";

interface WeightedItems<P> {
  readonly points: P[];
  readonly masses: number[];
}

/** Points are far if |W (x − μ)|² is so many times what the farthest of so many normal points has. */
const FAR = 2;

/** The far points of a component. */
interface FarGroup {
  readonly component: number;
  readonly points: Members;
  /** their mean, d */
  readonly centre: Float64Array;
}

/** Of each component that has some. */
export async function farGroups(
  executor: AnyExecutor,
  mixture: Mixture,
  { far, masses }: Memberships,
): Promise<FarGroup[]> {
  const all = far.flatMap(({ points }) => points);
  if (all.length === 0) return [];
  const { features } = mixture;
  const chosen = { points: all, weights: null };
  const tiles = await gather(executor, chosen, new ArrayBuffer(gatheredBytes(all.length, features)));
  let first = 0;
  return far.flatMap((members, component) => {
    const rows = members.points.map((_, i) => storedPoint(tiles, first + i, new Float64Array(features)));
    first += rows.length;
    const usual = usualDistance(features, members, masses[component]);
    const group = groupOf(
      rows.map((row) => whiten(mixture, component, row)),
      usual,
    );
    if (group.length === 0) return [];
    const centre = meanOf(choose({ points: rows, masses: members.masses }, group));
    return [{ component, points: choose(members, group), centre }];
  });
}

/** What |W (x − μ)|² the farthest of so many normal points has, roughly. */
function usualDistance(features: number, { masses }: Members, mass: number): number {
  return features + 2 * logarithm(Math.max(2, (mass * masses.length) / total(masses)));
}

/** The farthest point and those around it; none where it is not far. in: W (x − μ) of some points. out: indices */
function groupOf(rows: readonly Float64Array[], usual: number): number[] {
  const distances = rows.map(squaredLength);
  const most = greatest(distances);
  if (!(most > FAR * usual)) return [];
  const farthest = rows[distances.indexOf(most)];
  const isNear = (row: Float64Array) => 4 * squaredLength(row.map((value, j) => value - farthest[j])) < most;
  return [...rows.keys()].filter((i) => distances[i] > FAR * usual && isNear(rows[i]));
}

export function choose<P>({ points, masses }: WeightedItems<P>, chosen: readonly number[]): WeightedItems<P> {
  return { points: chosen.map((i) => points[i]), masses: chosen.map((i) => masses[i]) };
}

/** W (x − μ). in/out: x */
export function whiten(mixture: Mixture, component: number, point: Float64Array): Float64Array {
  const { features, means, factors, covarianceType } = mixture;
  const out = point.map((value, j) => value - means[component * features + j]);
  matrixForm(covarianceType).multiply(packedOf(factors, mixture, component), out, out);
  return out;
}

export function squaredLength(vector: Float64Array): number {
  return vector.reduce((total, value) => total + value * value, 0);
}

function meanOf({ points, masses }: WeightedItems<Float64Array>): Float64Array {
  const mass = total(masses);
  return points[0].map((_, j) => points.reduce((along, point, i) => along + masses[i] * point[j], 0) / mass);
}

export function total(masses: readonly number[]): number {
  return masses.reduce((all, mass) => all + mass, 0);
}
