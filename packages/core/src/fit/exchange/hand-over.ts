import { packedOf } from "../../covariance/covariances.ts";
import { matrixForm } from "../../covariance/forms.ts";
import { covarianceRow } from "../../covariance/types.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { greatest } from "../../linear-algebra/extremes.ts";
import { normalized, sum } from "../../linear-algebra/sum.ts";
import { copyComponent, copyWith, type Mixture } from "../../mixture/mixture.ts";
import { type AnyExecutor, gather } from "../../passes/executor.ts";
import { gatheredBytes } from "../../points/gather.ts";
import { firstPoint, storedPoint, tileCount } from "../../points/tiles.ts";
import { isNumerical } from "../../step/numerical-failure.ts";
import { noPrior } from "../../step/prior/prior.ts";
import { fromLabels } from "../initialization/start.ts";
import type { Change } from "./change.ts";
import type { Members, Memberships } from "./members.ts";
import type { SplitGround } from "./split.ts";

// A few points that lie far from everything widen the component that has them, and each component that might have them makes
// a maximum of the likelihood. Which one EM reaches depends on where it starts; a hand-over goes from one to another.

interface Weighted<P> {
  readonly points: P[];
  readonly masses: number[];
}

/** Far points of a component that another one may take. */
interface HandOver {
  readonly from: number;
  readonly to: number;
  readonly points: Members;
  /** how much less likely the taker is with them, roughly */
  readonly cost: number;
}

/** Points are far if |W (x − μ)|² is so many times what the farthest of so many normal points has. */
const FAR = 2;

/** The hand-overs that cost the taker least: what the giver saves shows only once EM went on without the points. */
export async function handOversOf(
  ground: SplitGround,
  mixture: Mixture,
  memberships: Memberships,
  count: number,
): Promise<Change[]> {
  if (covarianceRow(mixture.covarianceType).shared) return [];
  const { masses } = memberships;
  const groups = await farGroups(ground.executor, mixture, memberships);
  const found = groups.flatMap(({ component: from, points, centre }) => {
    const mass = total(points.masses);
    const all = Array.from(masses, (own, to) => {
      return { from, to, points, cost: cost(own + mass, mass, squared(whitened(mixture, to, centre))) };
    });
    return all.filter(({ to }) => to !== from);
  });
  found.sort((one, other) => one.cost - other.cost);
  return found.slice(0, count).map((one) => {
    return { components: [one.from, one.to], make: () => withHandOver(ground, mixture, memberships, one) };
  });
}

/** The far points of a component. */
interface FarGroup {
  readonly component: number;
  readonly points: Members;
  /** their mean, d */
  readonly centre: Float64Array;
}

async function farGroups(executor: AnyExecutor, mixture: Mixture, { far, masses }: Memberships): Promise<FarGroup[]> {
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
      rows.map((row) => whitened(mixture, component, row)),
      usual,
    );
    if (group.length === 0) return [];
    const centre = meanOf(only({ points: rows, masses: members.masses }, group));
    return [{ component, points: only(members, group), centre }];
  });
}

/** The component of some points without others. */
function withoutPoints(
  ground: SplitGround,
  mixture: Mixture,
  members: Members,
  left: Members,
): Promise<Mixture | null> {
  const out = new Set(left.points);
  const kept = [...members.points.keys()].filter((i) => !out.has(members.points[i]));
  return fitted(ground, mixture, only(members, kept));
}

/**
 * What it costs a component to have some of its mass far away: with Σ of the others, a part m of M at a squared distance q
 * makes log det Σ greater by log(1 + m q / M).
 */
function cost(whole: number, part: number, squaredDistance: number): number {
  return (whole / 2) * logarithm(Math.min(1 + (part / whole) * squaredDistance, Number.MAX_VALUE));
}

/** What |W (x − μ)|² the farthest of so many normal points has, roughly. */
function usualDistance(features: number, { masses }: Members, mass: number): number {
  return features + 2 * logarithm(Math.max(2, (mass * masses.length) / total(masses)));
}

/** The farthest point and those around it; none where it is not far. in: W (x − μ) of some points. out: indices */
function groupOf(rows: readonly Float64Array[], usual: number): number[] {
  const distances = rows.map(squared);
  const most = greatest(distances);
  if (!(most > FAR * usual)) return [];
  const farthest = rows[distances.indexOf(most)];
  const isNear = (row: Float64Array) => 4 * squared(row.map((value, j) => value - farthest[j])) < most;
  return [...rows.keys()].filter((i) => distances[i] > FAR * usual && isNear(rows[i]));
}

function only<P>({ points, masses }: Weighted<P>, chosen: readonly number[]): Weighted<P> {
  return { points: chosen.map((i) => points[i]), masses: chosen.map((i) => masses[i]) };
}

/** W (x − μ). in/out: x */
function whitened(mixture: Mixture, component: number, point: Float64Array): Float64Array {
  const { features, means, factors, covarianceType } = mixture;
  const out = point.map((value, j) => value - means[component * features + j]);
  matrixForm(covarianceType).multiply(packedOf(factors, mixture, component), out, out);
  return out;
}

function squared(vector: Float64Array): number {
  return vector.reduce((total, value) => total + value * value, 0);
}

function meanOf({ points, masses }: Weighted<Float64Array>): Float64Array {
  const mass = total(masses);
  return points[0].map((_, j) => points.reduce((along, point, i) => along + masses[i] * point[j], 0) / mass);
}

function total(masses: readonly number[]): number {
  return masses.reduce((all, mass) => all + mass, 0);
}

/** One component without its far points, and the other one with them; null where that cannot be made. */
async function withHandOver(
  ground: SplitGround,
  mixture: Mixture,
  { members, masses }: Memberships,
  { from, to, points }: HandOver,
): Promise<Mixture | null> {
  // Members are a part of a component's points, and the far points are all there are.
  const share = masses[to] / total(members[to].masses);
  const taker = await fitted(ground, mixture, {
    points: [...members[to].points, ...points.points],
    masses: [...members[to].masses.map((mass) => mass * share), ...points.masses],
  });
  const giver = await withoutPoints(ground, mixture, members[from], points);
  if (giver === null || taker === null) return null;
  const mass = total(points.masses) / sum(masses);
  const weights = mixture.weights.slice();
  weights[from] -= mass;
  weights[to] += mass;
  const next = copyWith(mixture, normalized(weights));
  copyComponent(giver, 0, next, from);
  copyComponent(taker, 0, next, to);
  return next;
}

/** A component of some points. */
async function fitted(
  { executor, rules }: SplitGround,
  { features, covarianceType }: Mixture,
  { points, masses }: Members,
): Promise<Mixture | null> {
  if (points.length <= features) return null;
  const chosen = { points, weights: Float64Array.from(masses) };
  const tiles = await gather(executor, chosen, new ArrayBuffer(gatheredBytes(points.length, features)));
  const labels = new Int32Array(tileCount(tiles) * tiles.tileSize);
  try {
    const start = { centres: firstPoint(tiles), covarianceType };
    return (await fromLabels(executor.over(tiles), labels, start, { ...rules, prior: noPrior })).mixture;
  } catch (error) {
    if (isNumerical(error)) return null;
    throw error;
  }
}
