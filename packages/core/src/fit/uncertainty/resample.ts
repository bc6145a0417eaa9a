import { logarithm } from "../../elementary/logarithm.ts";
import type { Tiles } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";

/** Up to this many draws are made one by one. */
const FEW_DRAWS = 1024;
/** Up to this many trials of a binomial number are made one by one. */
const FEW_TRIALS = 32;

/** How much points count in a draw. */
type WeightedPoints = Pick<Tiles, "count" | "tileSize" | "pointWeights">;

/**
 * Weights of the points when as many are drawn anew as there are, each with replacement and in proportion to its weight:
 * multinomial counts, times what a draw counts where the total weight is not a whole number.
 * out: ⌈n/B⌉·B, overwritten, 0 for padding
 */
export function resampleWeights({ count, pointWeights }: WeightedPoints, random: Random, out: Float64Array): void {
  const below = runningSums(count, pointWeights);
  const total = below[count];
  const draws = Math.max(1, Math.round(total));
  out.fill(0);
  divide({ first: 0, end: count, draws }, { below, random, out });
  if (draws !== total) for (let i = 0; i < count; i++) out[i] *= total / draws;
}

/** out: n + 1, the total weight of the points before each */
function runningSums(count: number, weights: Float64Array | null): Float64Array {
  const sums = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) sums[i + 1] = sums[i] + (weights === null ? 1 : weights[i]);
  return sums;
}

/** Draws that fall on the points [first, end). */
interface Share {
  readonly first: number;
  readonly end: number;
  readonly draws: number;
}

interface Drawing {
  readonly below: Float64Array;
  readonly random: Random;
  readonly out: Float64Array;
}

/** Divides draws between the two halves of the points, until they are few or fall on one point. */
function divide({ first, end, draws }: Share, drawing: Drawing): void {
  const { below, random, out } = drawing;
  if (draws === 0) return;
  if (end - first === 1) out[first] += draws;
  else if (draws <= FEW_DRAWS) {
    for (let i = 0; i < draws; i++) out[drawPoint(below, first, end, random)]++;
  } else {
    const middle = (first + end) >>> 1;
    const share = (below[middle] - below[first]) / (below[end] - below[first]);
    const left = binomial(draws, share, random);
    divide({ first, end: middle, draws: left }, drawing);
    divide({ first: middle, end, draws: draws - left }, drawing);
  }
}

/** One of the points [first, end), in proportion to its weight: one of weight 0 has no number below the target. */
function drawPoint(below: Float64Array, first: number, end: number, random: Random): number {
  const start = below[first];
  const target = (1 - random.uniform()) * (below[end] - start);
  let [low, high] = [first, end];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (below[middle] - start < target) low = middle;
    else high = middle;
  }
  return low;
}

/** How many of `trials` succeed, by order statistics of uniform numbers (Devroye 1986, chapter X.4.3). */
export function binomial(trials: number, probability: number, random: Random): number {
  let [left, share, successes] = [trials, probability, 0];
  while (left > FEW_TRIALS && share > 0 && share < 1) {
    const middle = 1 + Math.floor(left / 2);
    const at = beta(middle, left + 1 - middle, random);
    if (at <= share) {
      successes += middle;
      left -= middle;
      share = (share - at) / (1 - at);
    } else {
      left = middle - 1;
      share /= at;
    }
  }
  if (!(share > 0)) return successes;
  if (share >= 1) return successes + left;
  for (let i = 0; i < left; i++) if (random.uniform() < share) successes++;
  return successes;
}

function beta(one: number, other: number, random: Random): number {
  const first = gamma(one, random);
  return first / (first + gamma(other, random));
}

/** A number of the gamma distribution of a shape of at least 1 (Marsaglia and Tsang 2000). */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal();
    const v = (1 + c * normal) ** 2 * (1 + c * normal);
    if (v > 0 && logarithm(1 - random.uniform()) < normal * normal * 0.5 + d - d * v + d * logarithm(v)) return d * v;
  }
}
