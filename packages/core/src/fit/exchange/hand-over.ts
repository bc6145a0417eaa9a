import { covarianceRow } from "../../covariance/types.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { normalize, sum } from "../../linear-algebra/sum.ts";
import { copyComponent, copyWith, type Mixture } from "../../mixture/mixture.ts";
import { gather } from "../../passes/executor.ts";
import { gatheredBytes } from "../../points/gather.ts";
import { firstPoint, tileCount } from "../../points/tiles.ts";
import { isNumerical } from "../../step/numerical-failure.ts";
import { noPrior } from "../../step/prior/prior.ts";
import { fromLabels } from "../initialization/start.ts";
import { choose, farGroups, squaredLength, total, whiten } from "./far-groups.ts";
import type { Members, Memberships } from "./members.ts";
import type { SplitContext } from "./split.ts";

// A few points that lie far from everything widen the component that has them, and each component that might have them makes
// a maximum of the likelihood. Which one EM reaches depends on where it starts; a hand-over goes from one to another.

/** Far points of a component that another one may take. */
interface HandOver {
  readonly from: number;
  readonly to: number;
  readonly points: Members;
  /** how much less likely the taker is with them, roughly */
  readonly cost: number;
}

/** The hand-overs that cost the taker least: what the giver saves shows only once EM went on without the points. */
export async function cheapHandOvers(
  { executor }: SplitContext,
  mixture: Mixture,
  memberships: Memberships,
  count: number,
): Promise<HandOver[]> {
  if (covarianceRow(mixture.covarianceType).shared) return [];
  const { masses } = memberships;
  const groups = await farGroups(executor, mixture, memberships);
  const found = groups.flatMap(({ component: from, points, centre }) => {
    const mass = total(points.masses);
    const all = Array.from(masses, (own, to) => {
      return { from, to, points, cost: cost(own + mass, mass, squaredLength(whiten(mixture, to, centre))) };
    });
    return all.filter(({ to }) => to !== from);
  });
  return found.sort((one, other) => one.cost - other.cost).slice(0, count);
}

/** The component of some points without others. */
function withoutPoints(
  context: SplitContext,
  mixture: Mixture,
  members: Members,
  left: Members,
): Promise<Mixture | null> {
  const out = new Set(left.points);
  const kept = [...members.points.keys()].filter((i) => !out.has(members.points[i]));
  return fitComponent(context, mixture, choose(members, kept));
}

/**
 * What it costs a component to have some of its mass far away: with Σ of the others, a part m of M at a squared distance q
 * makes log det Σ greater by log(1 + m q / M).
 */
function cost(whole: number, part: number, squaredDistance: number): number {
  return (whole / 2) * logarithm(Math.min(1 + (part / whole) * squaredDistance, Number.MAX_VALUE));
}

/** One component without its far points, and the other one with them; null where that cannot be made. */
export async function withHandOver(
  context: SplitContext,
  mixture: Mixture,
  { members, masses }: Memberships,
  { from, to, points }: HandOver,
): Promise<Mixture | null> {
  // Members are a part of a component's points, and the far points are all there are.
  const share = masses[to] / total(members[to].masses);
  const taker = await fitComponent(context, mixture, {
    points: [...members[to].points, ...points.points],
    masses: [...members[to].masses.map((mass) => mass * share), ...points.masses],
  });
  const giver = await withoutPoints(context, mixture, members[from], points);
  if (giver === null || taker === null) return null;
  const mass = total(points.masses) / sum(masses);
  const weights = mixture.weights.slice();
  weights[from] -= mass;
  weights[to] += mass;
  const next = copyWith(mixture, normalize(weights));
  copyComponent(giver, 0, next, from);
  copyComponent(taker, 0, next, to);
  return next;
}

/** A component of some points. */
async function fitComponent(
  { executor, rules }: SplitContext,
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
