import type { DistanceProgram, KernelProgram } from "../kernels/dispatch.ts";
import type { DistanceRequest } from "../kernels/distance-kernel.ts";
import type { Evaluation } from "../kernels/kernel.ts";
import type { PairLists } from "../kernels/pair-lists.ts";
import type { Slots } from "./slots.ts";

/**
 * One pass over all points, as plain data that can cross threads. Every block of points leaves a slot of
 * `slotLength(pass)` numbers. If a pass has arrays over points, they lie in memory that all threads share.
 */
export type Pass =
  | ExpectationPass
  | EvaluationPass
  | NearestPass
  | LabelledPass
  | DistancesPass
  | MomentsPass
  | ReductionPass;

/** E-step: block → sufficient statistics. */
export interface ExpectationPass {
  readonly kind: "expectation";
  readonly program: KernelProgram;
  /** `densityLayout` */
  readonly parameters: Float64Array;
  /** Do the parameters include a measure? A pass with a measure or with frames needs a program with f64 arithmetic. */
  readonly measured: boolean;
  /** which pairs are known to be 0, in memory that all threads share */
  readonly lists?: PairLists;
}

/** Densities, responsibilities or labels of every point. */
export interface EvaluationPass {
  readonly kind: "evaluation";
  readonly program: KernelProgram;
  readonly parameters: Float64Array;
  /** the first tile to evaluate; arrays begin with its first point */
  readonly firstTile: number;
  readonly endTile: number;
  readonly evaluation: Evaluation;
}

/** Finds the nearest centre of every point. */
export interface NearestPass {
  readonly kind: "nearest";
  readonly program: DistanceProgram;
  /** centres, k × d */
  readonly parameters: Float64Array;
  /** ⌈n/B⌉·B: the pass writes the index of the nearest centre, the lower one of a tie */
  readonly labels: Int32Array;
}

/** M-step of points that belong to one component each: block → sufficient statistics. */
export interface LabelledPass {
  readonly kind: "labelled";
  /** with f64 arithmetic */
  readonly program: KernelProgram;
  /** the measure for the moments: `measureLayout` */
  readonly parameters: Float64Array;
  /** ⌈n/B⌉·B: the component of every point */
  readonly labels: Int32Array;
}

/** k-means++ (initialization/k-means-plus-plus.ts): block → potentials of every candidate of every restart. */
interface DistancesPass extends DistanceRequest {
  readonly kind: "distances";
  readonly program: DistanceProgram;
}

/** Weighted moments of the features about a pivot, and their ranges. */
export interface MomentsPass {
  readonly kind: "moments";
  /** pivot, d */
  readonly parameters: Float64Array;
}

/** Slots → their sums, number by number; its blocks are ranges of a slot (passes/reduction.ts). */
export interface ReductionPass {
  readonly kind: "reduction";
  /** none */
  readonly parameters: Float64Array;
  readonly slots: Slots;
}

/** Computes the part [first, end) of the pass's grid (usually tiles) and overwrites the slot. */
export type BlockTask = (first: number, end: number, slot: Float64Array) => void;
