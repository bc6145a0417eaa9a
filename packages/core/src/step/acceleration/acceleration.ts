import { regularizeCovariances } from "../../covariance/covariances.ts";
import type { Regularization } from "../../covariance/regularization.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { Midway } from "../convergence.ts";
import type { Iteration } from "../iteration.ts";
import type { Rules } from "../rules.ts";
import type { Expectation } from "../second-look.ts";
import { type Course, type Leap, leapAlong, ownLeap, pairsAfter, shorterLeap, slopeOf } from "./course.ts";
import { dot, wayUp } from "./curvature.ts";
import { gradientAt, heldGradient } from "./gradient.ts";

// Longer steps than those of EM (derivation.md §16). Each iteration has one E-step, which says what the last step gained
// and, with the M-step, where the next one leads.

/** Steps are made longer once EM gains less than this a point in one of its own. */
const BEGIN = 1e-4;
/** A longer step must gain this share of what its slope promised. */
const LEAST_SHARE = 1e-4;
const MOST_TRIALS = 3;
/** The share of a step that is tried next. */
const SHORTER = { least: 0.1, most: 0.5 };
/** How many pairs suffice, and the least share of the remaining gain that they see. */
const KNOWING = { pairs: 5, share: 1 / 10 };
/** A promise of so little, relative to the bound, is rounding. */
const ROUNDING = 1e-13;
/** A component of less weight has no coordinates. */
const LEAST_WEIGHT = 2 ** -100;

/** Goes back from a longer step that did not gain enough; null if there is nothing to go back from. */
export function retreat({ before, expected, bound }: Midway, rules: Rules): Iteration | null {
  const { course } = before;
  if (course === null || course.leap === null || course.leap.trial === 0 || bound === null) return null;
  const { leap } = course;
  const iteration = before.iteration + 1;
  const slope = slopeOf(leap);
  const gain = bound - before.lowerBound;
  if (gain >= LEAST_SHARE * slope) return null;
  const again = leap.trial < MOST_TRIALS && iteration < rules.maxIterations;
  const share = Math.max(SHORTER.least, Math.min(slope / (2 * (slope - gain)), SHORTER.most));
  const next = again ? shorterLeap(leap, share) : ownLeap(leap.base);
  return { ...before, iteration, ...takeLeap(next, course), warnings: [], lookedAtAgain: expected.lookedAtAgain };
}

/**
 * Makes the step after an iteration longer, where EM is slow and nothing but the points decides: L-BFGS, which also
 * tells what remains to be gained.
 * in: pause, lets other work in between the parts of this
 */
export async function accelerate(
  after: Iteration,
  { before, expected }: Midway,
  rules: Rules,
  pause: () => Promise<void>,
): Promise<Iteration> {
  if (!mayLeap(after, before, expected, rules)) return { ...after, course: null };
  await pause();
  const { fixed } = rules;
  const free = gradientAt(before.mixture, expected, rules.prior.meanPrecision);
  const gradient = fixed === null ? free : heldGradient(free, before.mixture, fixed);
  await pause();
  const pairs = pairsAfter(before.course, gradient);
  const way = wayUp(gradient, pairs);
  const promise = dot(gradient, way) / 2;
  const base = { mixture: before.mixture, gradient, ownStep: after.mixture, fixed };
  const course = { pairs, promise, leap: null };
  const converged = ends(after, course, before.course?.promise ?? Number.POSITIVE_INFINITY, rules);
  const plain = converged || isRounding(promise, after) || pairs.length === 0 || after.iteration >= rules.maxIterations;
  await pause();
  const leap = plain ? ownLeap(base) : leapAlong(base, way);
  const next = plain || isSound(leap.mixture, rules.regularization) ? leap : ownLeap(base);
  return { ...after, converged, ...takeLeap(next, course) };
}

function takeLeap(leap: Leap, course: Course): Pick<Iteration, "mixture" | "course"> {
  return { mixture: leap.mixture, course: { ...course, leap } };
}

/** No floor binds, no component is empty, and no statistics were doubtful. */
function mayLeap(after: Iteration, before: Iteration, { lookedAtAgain }: Expectation, rules: Rules): boolean {
  if (rules.acceleration === "none" || rules.prior.bound.of === "next") return false;
  if (before.course === null && !(after.gain >= 0 && after.gain < Math.max(BEGIN, rules.tolerance))) return false;
  const undisturbed = after.warnings.length === 0 && lookedAtAgain.length === 0;
  return undisturbed && before.mixture.weights.every((weight) => weight > LEAST_WEIGHT);
}

/**
 * Does the curvature tell, twice in a row, that less than the tolerance remains? With few pairs it cannot tell; then EM's gains
 * must agree.
 */
function ends(after: Iteration, { pairs, promise }: Course, promised: number, rules: Rules): boolean {
  const { stopRule, tolerance } = rules;
  if (stopRule === "change") return after.converged;
  if (isRounding(promise, after)) return after.converged;
  if (pairs.length < KNOWING.pairs) return after.converged && promise < tolerance;
  return Math.max(promise, promised) < KNOWING.share * tolerance && Math.abs(after.gain) < tolerance;
}

function isRounding(promise: number, { lowerBound }: Iteration): boolean {
  return promise < ROUNDING * Math.max(1, Math.abs(lowerBound));
}

/** Is the mixture made of numbers, and above the floor? */
function isSound(mixture: Mixture, regularization: Regularization): boolean {
  const { weights, means, packedCovariances, factors } = mixture;
  const finite = [weights, means, packedCovariances, factors].every(areFinite);
  const copy = { packedCovariances: packedCovariances.slice(), factors: factors.slice() };
  return finite && regularizeCovariances(copy, mixture, regularization).length === 0;
}

function areFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
