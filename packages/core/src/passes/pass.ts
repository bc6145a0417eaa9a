import type { CovarianceType } from "../covariance/covariance.ts";
import type { KernelCache, KernelProgram } from "../kernels/dispatch.ts";
import type { Evaluation } from "../kernels/kernel.ts";
import { statisticsLayout } from "../sufficient-statistics.ts";
import type { Tiles } from "../tiles.ts";
import { assignment } from "./assignment.ts";
import { distances } from "./distances.ts";
import { moments, momentsLayout } from "./moments.ts";

/**
 * One pass over all points, as plain data that may cross threads. Every block of points leaves a slot of
 * `slotLength(pass)` numbers; arrays over points, where a pass has any, lie in memory that all threads share.
 */
export type Pass = ExpectationPass | EvaluationPass | AssignmentPass | DistancesPass | MomentsPass;

/** E-step: block → sufficient statistics. */
export interface ExpectationPass {
  readonly kind: "expectation";
  readonly program: KernelProgram;
  /** `densityLayout`, with or without a measure; with one, the program is of the reference kernel */
  readonly parameters: Float64Array;
}

/** Densities, responsibilities or labels of every point. */
export interface EvaluationPass {
  readonly kind: "evaluation";
  readonly program: KernelProgram;
  readonly parameters: Float64Array;
  readonly evaluation: Evaluation;
}

/** Every point to its nearest centre: block → sufficient statistics about the centres. */
export interface AssignmentPass {
  readonly kind: "assignment";
  readonly components: number;
  readonly covarianceType: CovarianceType;
  /** centres, k × d, then what to measure moments from: `measureLayout` */
  readonly parameters: Float64Array;
}

/** k-means++ (initialization/k-means-plus-plus.ts): block → potentials of every candidate of every run. */
export interface DistancesPass {
  readonly kind: "distances";
  readonly runs: number;
  readonly candidates: number;
  /** runs × (1 + candidates) × d: the centre chosen last, then the candidates for the next one */
  readonly parameters: Float64Array;
  /** runs × ⌈n/B⌉·B: squared distance to the nearest centre so far */
  readonly squaredDistances: Float64Array;
}

/** Weighted moments and ranges of the features about a pivot. */
export interface MomentsPass {
  readonly kind: "moments";
  /** pivot, d */
  readonly parameters: Float64Array;
}

/** Numbers that one block leaves behind. */
export function slotLength(pass: Pass, features: number): number {
  switch (pass.kind) {
    case "expectation":
      return statisticsLayout(pass.program.shape.components, features, pass.program.shape.covarianceType).length;
    case "evaluation":
      return 0;
    case "assignment":
      return statisticsLayout(pass.components, features, pass.covarianceType).length;
    case "distances":
      return pass.runs * pass.candidates;
    case "moments":
      return momentsLayout(features).length;
  }
}

/** Flops of a pass, roughly: what decides whether it is worth handing to threads. */
export function passWork(pass: Pass, { count, features }: Tiles): number {
  switch (pass.kind) {
    case "expectation":
    case "evaluation": {
      const { components, covarianceType } = pass.program.shape;
      const matrices = covarianceType === "full" || covarianceType === "tied";
      return count * components * (16 + features * (matrices ? 2 * features : 8));
    }
    case "assignment":
      return count * features * (3 * pass.components + features);
    case "distances":
      return count * features * pass.runs * (1 + pass.candidates) * 3;
    case "moments":
      return count * features * 6;
  }
}

/** Computes the tiles [firstTile, endTile) and overwrites the slot. */
export type BlockTask = (firstTile: number, endTile: number, slot: Float64Array) => void;

/** What one thread does for one pass: opened once, then called block by block. */
export function openPass(pass: Pass, tiles: Tiles, kernels: KernelCache): BlockTask {
  switch (pass.kind) {
    case "expectation": {
      const kernel = kernels.get(pass.program);
      kernel.load(pass.parameters);
      return (firstTile, endTile, slot) => kernel.expectation(tiles, firstTile, endTile, slot);
    }
    case "evaluation": {
      const kernel = kernels.get(pass.program);
      kernel.load(pass.parameters);
      return (firstTile, endTile) => kernel.evaluate(tiles, firstTile, endTile, pass.evaluation);
    }
    case "assignment":
      return assignment(pass, tiles);
    case "distances":
      return distances(pass, tiles);
    case "moments":
      return moments(pass, tiles);
  }
}
