import { packedOf } from "../../covariance/covariances.ts";
import { matrixForm } from "../../covariance/forms.ts";
import { sum } from "../../linear-algebra/sum.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { type AnyExecutor, type Executor, gather } from "../../passes/executor.ts";
import { score } from "../../passes/score.ts";
import { gatheredBytes } from "../../points/gather.ts";
import { coordinates, type Tiles, tileCount } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { isNumerical } from "../../step/numerical-failure.ts";
import { noPrior } from "../../step/prior/prior.ts";
import type { Rules } from "../../step/rules.ts";
import { pick } from "../initialization/draw.ts";
import { firstOfEach, fromLabels } from "../initialization/start.ts";
import { isFloored } from "../restarts.ts";
import type { Members } from "./members.ts";
import { settle } from "./settle.ts";

/** A component in two, fitted to its own points. */
export interface Split {
  /** what the log-likelihood of the sample would gain at least, Σ w r (log p₂ − log p₁) */
  readonly gain: number;
  /** two components, with weights that add up to 1 */
  readonly halves: Mixture;
}

export interface SplitSettings {
  /** how many points of a component are used at most */
  readonly points: number;
  /** EM steps of the two halves, at most */
  readonly steps: number;
}

/** Steps of the halves that gain less than this in the mean decide no exchange. */
const LEAST_GAIN = 0.01;

/** What a split needs to know about the sample. */
export interface SplitContext {
  /** over the sample */
  readonly executor: AnyExecutor;
  readonly rules: Rules;
  /** 1/σ of each feature of the sample, d */
  readonly scales: Float64Array;
  /** mean weight of a point */
  readonly weight: number;
}

/** A component of a mixture, with its points. */
export interface ComponentToSplit {
  readonly mixture: Mixture;
  readonly component: number;
  readonly members: Members;
  /** Σ w r */
  readonly mass: number;
}

/**
 * Splits a component: two components are fitted to its points, from two beginnings. out: the likelier split; null if the
 * component is too small for two, or no split is sound
 */
export async function splitOf(
  context: SplitContext,
  { mixture, component, members, mass }: ComponentToSplit,
  settings: SplitSettings,
  random: Random,
): Promise<Split | null> {
  const { executor, weight } = context;
  const { features } = mixture;
  if (mass < 4 * (features + 1) * weight) return null;
  const chosen = { points: members.points, weights: Float64Array.from(members.masses) };
  const tiles = await gather(executor, chosen, new ArrayBuffer(gatheredBytes(chosen.points.length, features)));
  const own = componentAlone(mixture, component);
  const tolerance = Math.max(context.rules.tolerance, LEAST_GAIN);
  const rules = { ...context.rules, prior: noPrior, emptyComponent: "keep", tolerance } as const;
  const local = { executor: executor.over(tiles), rules };
  let best: { readonly bound: number; readonly halves: Mixture } | null = null;
  for (const labels of [acrossAxis(tiles, context.scales), byCentres(tiles, own, random)]) {
    const halves = await fitHalves(local, labels, own, settings.steps);
    if (halves === null || (best !== null && halves.bound <= best.bound)) continue;
    const [first, second] = halves.halves.weights;
    const least = Math.min(first, second) * mass;
    if (least >= (features + 2) * weight) best = halves;
  }
  if (best === null) return null;
  return { gain: mass * (best.bound - (await score(local.executor, own))), halves: best.halves };
}

/** One component as a mixture. */
function componentAlone(mixture: Mixture, component: number): Mixture {
  const { features, means, meansResidual, packedCovariances, factors } = mixture;
  const row = (values: Float64Array) => values.slice(component * features, (component + 1) * features);
  return {
    ...{ components: 1, features, covarianceType: mixture.covarianceType, weights: Float64Array.of(1) },
    means: row(means),
    meansResidual: row(meansResidual),
    packedCovariances: packedOf(packedCovariances, mixture, component).slice(),
    factors: packedOf(factors, mixture, component).slice(),
  };
}

/** out: null if there are no labels, or the halves are not sound */
async function fitHalves(
  { executor, rules }: { readonly executor: Executor; readonly rules: Rules },
  labels: Int32Array | null,
  own: Mixture,
  steps: number,
) {
  if (labels === null) return null;
  const centres = firstOfEach(executor.tiles, labels, 2);
  try {
    const { mixture } = await fromLabels(executor, labels, { centres, covarianceType: own.covarianceType }, rules);
    const end = await settle(executor, mixture, rules, steps);
    return isFloored(end) ? null : { bound: end.lowerBound, halves: end.mixture };
  } catch (error) {
    if (isNumerical(error)) return null;
    throw error;
  }
}

const AXIS_ROUNDS = 10;

/** Labels by the side of the mean on which points lie along their principal axis. in: scales, 1/σ, d */
function acrossAxis(tiles: Tiles, scales: Float64Array): Int32Array | null {
  const { count, features } = tiles;
  const masses = tiles.pointWeights as Float64Array;
  const rows = centredRows(tiles, scales);
  const first = farthest(rows, features, masses) * features;
  let axis = rows.slice(first, first + features);
  for (let round = 0; round < AXIS_ROUNDS; round++) {
    const next = new Float64Array(features);
    for (let i = 0, at = 0; i < count; i++, at += features) {
      const along = masses[i] * dotRow(rows, at, axis);
      for (let j = 0; j < features; j++) next[j] += along * rows[at + j];
    }
    const size = Math.sqrt(dotRow(next, 0, next));
    if (!(size > 0)) return null;
    axis = next.map((value) => value / size);
  }
  const labels = new Int32Array(tileCount(tiles) * tiles.tileSize);
  for (let i = 0; i < count; i++) labels[i] = dotRow(rows, i * features, axis) > 0 ? 1 : 0;
  return labels;
}

/** (x − mean)/σ. out: n × d */
function centredRows(tiles: Tiles, scales: Float64Array): Float64Array {
  const { count, features } = tiles;
  const masses = tiles.pointWeights as Float64Array;
  const rows = rowsOf(tiles);
  const means = new Float64Array(features);
  for (let i = 0, at = 0; i < count; i++) {
    for (let j = 0; j < features; j++, at++) means[j] += masses[i] * rows[at];
  }
  const total = sum(masses.subarray(0, count));
  for (let at = 0; at < rows.length; ) {
    for (let j = 0; j < features; j++, at++) rows[at] = (rows[at] - means[j] / total) * scales[j];
  }
  return rows;
}

/** out: n × d */
function rowsOf(tiles: Tiles): Float64Array {
  const { count, features, tileSize } = tiles;
  const numbers = coordinates(tiles, 0, tileCount(tiles));
  const rows = new Float64Array(count * features);
  for (let i = 0, at = 0; i < count; i++) {
    const lane = i % tileSize;
    for (let from = (i - lane) * features + lane, j = 0; j < features; j++, from += tileSize)
      rows[at++] = numbers[from];
  }
  return rows;
}

/** The point with the greatest w |x|². */
function farthest(rows: Float64Array, features: number, masses: Float64Array): number {
  let most = 0;
  let found = 0;
  for (let i = 0, at = 0; at < rows.length; i++, at += features) {
    let distance = 0;
    for (let j = at; j < at + features; j++) distance += masses[i] * rows[j] * rows[j];
    if (distance > most) [most, found] = [distance, i];
  }
  return found;
}

function dotRow(rows: Float64Array, at: number, vector: Float64Array): number {
  let total = 0;
  for (let j = 0; j < vector.length; j++) total += rows[at + j] * vector[j];
  return total;
}

const SECOND_CENTRES = 4;

/** Labels by the nearer of two points, in units of the component: one drawn ∝ r, the other the best of four ∝ r·D. */
function byCentres(tiles: Tiles, own: Mixture, random: Random): Int32Array {
  const { count } = tiles;
  const masses = (tiles.pointWeights as Float64Array).subarray(0, count);
  const distancesTo = distances(tiles, own);
  const first = distancesTo(pick(masses, random.uniform() * sum(masses)));
  const weighed = masses.map((mass, i) => mass * first[i]);
  let least = Number.POSITIVE_INFINITY;
  let second = first;
  for (let draw = 0; draw < SECOND_CENTRES; draw++) {
    const other = distancesTo(pick(weighed, random.uniform() * sum(weighed)));
    let potential = 0;
    for (let i = 0; i < count; i++) potential += masses[i] * Math.min(first[i], other[i]);
    if (potential < least) [least, second] = [potential, other];
  }
  const labels = new Int32Array(tileCount(tiles) * tiles.tileSize);
  for (let i = 0; i < count; i++) labels[i] = second[i] < first[i] ? 1 : 0;
  return labels;
}

/** Makes the distances of all points from one of them, |W (x − y)|. */
function distances(tiles: Tiles, { means, factors, covarianceType }: Mixture): (from: number) => Float64Array {
  const { count, features } = tiles;
  const form = matrixForm(covarianceType);
  const rows = rowsOf(tiles);
  const row = new Float64Array(features);
  for (let at = 0; at < rows.length; at += features) {
    for (let j = 0; j < features; j++) row[j] = rows[at + j] - means[j];
    form.multiply(factors, row, row);
    rows.set(row, at);
  }
  return (from) => {
    const out = new Float64Array(count);
    for (let i = 0, at = 0; i < count; i++) {
      let squared = 0;
      for (let other = from * features, end = at + features; at < end; at++, other++) {
        const difference = rows[at] - rows[other];
        squared += difference * difference;
      }
      out[i] = Math.sqrt(squared);
    }
    return out;
  };
}
