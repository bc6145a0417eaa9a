import type { Mixture } from "../../mixture/mixture.ts";
import { type Fixed, holdMixture } from "../fixed.ts";
import { coordinatesOf, longest, mixtureAt } from "./coordinates.ts";
import { dot, type Pair, withPair } from "./curvature.ts";

/** What acceleration knows between iterations: curvature, and the step to the mixture that comes next. */
export interface Course {
  /** oldest first */
  readonly pairs: readonly Pair[];
  /** what a parabola with this curvature would still gain; ∞ where it is not known */
  readonly promise: number;
  /** null: the mixture comes from elsewhere */
  readonly leap: Leap | null;
}

/** A place whose bound and gradient are known, and where EM itself goes from there. */
export interface Base {
  readonly mixture: Mixture;
  /** in coordinates about the mixture */
  readonly gradient: Float64Array;
  readonly ownStep: Mixture;
  /** the fixed parts of the mixture */
  readonly fixed: Fixed | null;
}

/** A step from a base. */
export interface Leap {
  readonly base: Base;
  /** where it leads */
  readonly mixture: Mixture;
  /** the coordinates of that mixture about the base */
  readonly step: Float64Array;
  /** which try of a longer step it is, from 1; 0: it is EM's own, which needs no trial */
  readonly trial: number;
}

/** The length of a step in every component, in its own information. */
const MOST_LENGTH = 0.5;

/** EM's own step. */
export function ownLeap(base: Base): Leap {
  return { base, mixture: base.ownStep, step: coordinatesOf(base.ownStep, base.mixture), trial: 0 };
}

/** A longer step in a direction, no farther than the curvature can be trusted. */
export function leapAlong(base: Base, way: Float64Array): Leap {
  const share = Math.min(1, MOST_LENGTH / longest(way, base.mixture));
  return leapTo(base, scaled(way, share), 1);
}

/** The same step, only a share of it. */
export function shorterLeap({ base, step, trial }: Leap, share: number): Leap {
  return leapTo(base, scaled(step, share), trial + 1);
}

function leapTo(base: Base, step: Float64Array, trial: number): Leap {
  const moved = mixtureAt(step, base.mixture);
  const mixture = base.fixed === null ? moved : holdMixture(moved, base.mixture, base.fixed);
  return { base, mixture, step, trial };
}

function scaled(vector: Float64Array, share: number): Float64Array {
  const result = new Float64Array(vector.length);
  for (let i = 0; i < vector.length; i++) result[i] = vector[i] * share;
  return result;
}

/** What the first derivative promises of a step. */
export function slopeOf({ base, step }: Leap): number {
  return dot(base.gradient, step);
}

/** The pairs after a step, with the gradient where it led. */
export function pairsAfter(course: Course | null, gradient: Float64Array): readonly Pair[] {
  if (course === null || course.leap === null) return course?.pairs ?? [];
  const { step, base } = course.leap;
  const change = new Float64Array(gradient.length);
  for (let i = 0; i < change.length; i++) change[i] = base.gradient[i] - gradient[i];
  return withPair(course.pairs, step, change);
}
