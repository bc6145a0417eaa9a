import { type CovarianceType, covarianceRow } from "../covariance/types.ts";
import type { DistanceProgram, KernelProgram } from "../kernels/dispatch.ts";
import type { DistanceRequest } from "../kernels/distance-kernel.ts";
import type { Evaluation, KernelShape } from "../kernels/kernel.ts";
import type { KernelCache } from "../kernels/kernel-cache.ts";
import { type Tiles, tilesBetween } from "../points/tiles.ts";
import { statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { assignment } from "./assignment.ts";
import { type BlockGrid, blockGrid, cutIntoBlocks } from "./blocks.ts";
import type { Slots } from "./executor.ts";
import { moments, momentsLayout } from "./moments.ts";
import { REDUCED_AT_ONCE, reduction } from "./reduction.ts";

/**
 * One pass over all points, as plain data that may cross threads. Every block of points leaves a slot of
 * `slotLength(pass)` numbers; arrays over points, where a pass has any, lie in memory that all threads share.
 */
export type Pass = ExpectationPass | EvaluationPass | AssignmentPass | DistancesPass | MomentsPass | ReductionPass;

/** E-step: block → sufficient statistics. */
interface ExpectationPass {
  readonly kind: "expectation";
  readonly program: KernelProgram;
  /** `densityLayout` */
  readonly parameters: Float64Array;
  /** Does a measure stand in the parameters? With one, or with frames, the program is of f64 arithmetic. */
  readonly measured: boolean;
}

/** Densities, responsibilities or labels of every point. */
export interface EvaluationPass {
  readonly kind: "evaluation";
  readonly program: KernelProgram;
  readonly parameters: Float64Array;
  /** the tiles to evaluate; arrays begin with the first point of them */
  readonly firstTile: number;
  readonly endTile: number;
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

/** k-means++ (initialization/k-means-plus-plus.ts): block → potentials of every candidate of every restart. */
interface DistancesPass extends DistanceRequest {
  readonly kind: "distances";
  readonly program: DistanceProgram;
}

/** Weighted moments and ranges of the features about a pivot. */
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

/** How a pass is cut into blocks. */
export function gridOf(pass: Pass, tiles: Tiles): BlockGrid {
  if (pass.kind === "reduction") return cutIntoBlocks(pass.slots.slotLength, REDUCED_AT_ONCE);
  if (pass.kind === "evaluation") return blockGrid(tilesBetween(tiles, pass.firstTile, pass.endTile), 1);
  return blockGrid(tiles, slotLength(pass, tiles.features));
}

/** Numbers that one block leaves behind. */
export function slotLength(pass: Pass, features: number): number {
  switch (pass.kind) {
    case "expectation":
      return statisticsLayout(pass.program.shape.components, features, pass.program.shape.covarianceType).length;
    case "evaluation":
      return 0;
    case "reduction":
      return 2 * REDUCED_AT_ONCE;
    case "assignment":
      return statisticsLayout(pass.components, features, pass.covarianceType).length;
    case "distances":
      return pass.restarts * pass.candidates;
    case "moments":
      return momentsLayout(features).length;
  }
}

/** Flops of a pass, roughly: what decides whether it is worth handing to threads. */
export function passWork(pass: Pass, { count, features, tileSize }: Tiles): number {
  switch (pass.kind) {
    case "expectation":
      return expectationWork(count, pass.program.shape);
    case "evaluation":
      return expectationWork((pass.endTile - pass.firstTile) * tileSize, pass.program.shape);
    case "assignment":
      return count * features * (3 * pass.components + features);
    case "distances":
      return distancesWork(count, features, pass.restarts * (1 + pass.candidates));
    case "moments":
      return count * features * 6;
    case "reduction":
      return pass.slots.slotLength * pass.slots.blocks * 8;
  }
}

/** Flops of an E- and M-step, roughly. */
export function expectationWork(count: number, { components, features, covarianceType }: KernelShape): number {
  const ofFeature = covarianceRow(covarianceType).matrix === "triangle" ? 2 * features : 8;
  return count * components * (16 + features * ofFeature);
}

/** in: centres, those that every point is measured from */
export function distancesWork(count: number, features: number, centres: number): number {
  return count * features * centres * 3;
}

/** Computes what [first, end) of the pass's grid stands for, tiles mostly, and overwrites the slot. */
export type BlockTask = (first: number, end: number, slot: Float64Array) => void;

/** What one thread does for one pass: opened once, then called block by block. */
export function openPass(pass: Pass, tiles: Tiles, kernels: KernelCache): BlockTask {
  switch (pass.kind) {
    case "expectation": {
      const kernel = kernels.get(pass.program);
      kernel.load(pass.parameters, pass.measured);
      return (firstTile, endTile, slot) => kernel.expectation(tiles, firstTile, endTile, slot);
    }
    case "evaluation": {
      const kernel = kernels.get(pass.program);
      kernel.load(pass.parameters, false);
      const window = tilesBetween(tiles, pass.firstTile, pass.endTile);
      return (firstTile, endTile) => kernel.evaluate(window, firstTile, endTile, pass.evaluation);
    }
    case "assignment":
      return assignment(pass, tiles);
    case "distances": {
      const kernel = kernels.distances(pass.program);
      return (firstTile, endTile, slot) => kernel.measure(tiles, firstTile, endTile, pass, slot);
    }
    case "moments":
      return moments(pass, tiles);
    case "reduction":
      return reduction(pass);
  }
}
