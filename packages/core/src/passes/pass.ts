import type { Findings } from "../components/findings.ts";
import type { Question } from "../components/judgement.ts";
import type { Shape } from "../covariance/covariances.ts";
import type { DistanceProgram, KernelProgram, PartingProgram } from "../kernels/dispatch.ts";
import type { DistancePower } from "../kernels/distance-kernel.ts";
import type { Arithmetic, Evaluation } from "../kernels/kernel.ts";
import type { Listing, PairLists } from "../kernels/pair-lists.ts";
import type { SimdProgram } from "../kernels/simd/host/compiled.ts";
import type { CompensatedSums } from "../linear-algebra/compensated-sum.ts";
import type { Nodes } from "../points/nodes.ts";
import type { Bisections } from "../points/order/bisections.ts";
import type { BlockRows } from "../statistics/rows.ts";
import type { StatisticsLayout } from "../statistics/sufficient-statistics.ts";
import type { Slots } from "./slots.ts";

/**
 * One pass over all points, as plain data that can cross threads. Every block of points leaves a slot of
 * `slotLength(pass)` numbers. If a pass has arrays over points, they lie in memory that all threads share.
 */
export type Pass =
  | ExpectationPass
  | EvaluationPass
  | LabelledPass
  | DistancesPass
  | NearestPass
  | MomentsPass
  | NodesPass
  | RoutingPass
  | ChunksPass
  | ColumnsPass
  | ReductionPass
  | RowsPass
  | JudgementPass
  | MovesPass;

/** A pass whose blocks may be some of those of more points. */
interface PassInBlocks {
  /** tiles of a block, where the points are some blocks of more; the first block begins with the first tile */
  readonly tilesInBlock?: number;
}

/** E-step: block → sufficient statistics. */
export interface ExpectationPass extends PassInBlocks {
  readonly kind: "expectation";
  readonly program: KernelProgram;
  /** `densityLayout` */
  readonly parameters: Float64Array;
  /** Do the parameters include a measure? A pass with a measure or with frames needs a program with f64 arithmetic. */
  readonly measured: boolean;
  /** which pairs are known to be 0, in memory that all threads share */
  readonly lists?: PairLists;
  /**
   * Room for rows in the place of slots (statistics/rows.ts), in such memory, which the pass writes: blocks × components ×
   * the length of a row
   */
  readonly rows?: Float64Array;
  /** for points that lie elsewhere: what lets those who run the pass keep lists */
  readonly listing?: Listing;
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
  /** as in `PairLists`: components that the rule of zero drops may be left out */
  readonly stands?: Float64Array;
  /** the same from the lists of the tiles to evaluate, in memory that all threads share */
  readonly lists?: PairLists;
}

/** M-step of points that belong to one component each: block → sufficient statistics. */
export interface LabelledPass extends PassInBlocks {
  readonly kind: "labelled";
  /** with f64 arithmetic */
  readonly program: KernelProgram;
  /** the measure for the moments: `measureLayout` */
  readonly parameters: Float64Array;
  /** ⌈n/B⌉·B: the component of every point; of points that lie elsewhere none, for there all belong to the only component */
  readonly labels: Int32Array;
  /** as of `ExpectationPass` */
  readonly rows?: Float64Array;
}

/**
 * k-means++ (initialization/k-means-plus-plus.ts) for several restarts at once: each takes its new centre in, then weighs
 * candidates for the next. Block → for every restart the potential of each candidate, or without candidates its own.
 */
export interface DistancesPass {
  readonly kind: "distances";
  readonly program: DistanceProgram;
  readonly restarts: number;
  /** how many candidates each restart has */
  readonly candidates: number;
  readonly power: DistancePower;
  /** the index of the new centre, which the pass takes in; −1: there is none, and those in the parameters mean nothing */
  readonly label: number;
  /** restarts × (1 + candidates) × d: the new centre, then the candidates */
  readonly parameters: Float64Array;
  /** what the pass updates; before the first centre it has any content */
  readonly state: SeedingState;
  /** null: every tile is looked at */
  readonly nodes: Nodes | null;
}

/** What restarts of k-means++ know of all points under the centres so far. */
export interface SeedingState {
  /** restarts × ⌈n/B⌉·B: squared distance to the nearest centre; of a point that weighs something */
  readonly squared: Float64Array;
  /** restarts × ⌈n/B⌉·B: the index of that centre, the lower one of a tie; of a point that weighs something */
  readonly labels: Int32Array;
  /** restarts × ⌈n/B⌉: Σ ω D² of every tile, or Σ ω D */
  readonly masses: Float64Array;
  /** restarts × ⌈n/B⌉: the greatest D² of every tile */
  readonly greatest: Float64Array;
  /** restarts × most candidates × ⌈n/B⌉: what `masses` would be with each candidate */
  readonly potentials: Float64Array;
}

/**
 * Finds the nearest of many centres to every point, through a tree of them. Distances are those of points (x − m) · s.
 */
export interface NearestPass {
  readonly kind: "nearest";
  /** the program of the balls; null: every distance is computed */
  readonly program: SimdProgram | null;
  /** m and s, d each, then the centres, k × d; neighbours among them are best side by side */
  readonly parameters: Float64Array;
  /** ⌈n/B⌉·B: the pass writes the index of the nearest centre, the lower one of a tie */
  readonly labels: Int32Array;
}

/** Weighted moments of the features about a pivot, and their ranges. */
export interface MomentsPass extends PassInBlocks {
  readonly kind: "moments";
  /** pivot, d */
  readonly parameters: Float64Array;
}

/** Finds the nodes of the points; its blocks are groups of tiles. */
export interface NodesPass {
  readonly kind: "nodes";
  readonly program: DistanceProgram;
  /** none */
  readonly parameters: Float64Array;
  /** the pass writes them */
  readonly nodes: Nodes;
}

/** Finds the leaf of every point, and writes its row for a `ChunksPass`. */
export interface RoutingPass {
  readonly kind: "routing";
  readonly program: PartingProgram;
  /** how coordinates are measured, (x − m) · s: m and s, d each */
  readonly parameters: Float64Array;
  readonly tree: Bisections;
  /** n: the pass writes them */
  readonly leafOf: Uint16Array;
  /** n × `rowWidth(d)`: the pass writes them; null: none is wanted */
  readonly rows: Float32Array | null;
}

/** Orders points of a tree's leaves further: its blocks are chunks of neighbours. */
export interface ChunksPass {
  readonly kind: "chunks";
  readonly program: PartingProgram;
  /** none */
  readonly parameters: Float64Array;
  /** n × `rowWidth(d)`, in the order in which points are stored */
  readonly rows: Float32Array;
  /** n: which point comes at each place, neighbours near each other */
  readonly before: Uint32Array;
  /** n: the pass writes the same, in its order */
  readonly after: Uint32Array;
}

/** Copies some features of all points to rows, or from rows back, in order. It never reads what it writes, and can be repeated. */
export interface ColumnsPass {
  readonly kind: "columns";
  /** none */
  readonly parameters: Float64Array;
  /** the first of the features */
  readonly first: number;
  /** n × the number of features, by the old order */
  readonly rows: Float64Array | Float32Array;
  /** n: the old place of each point, to copy rows back; null: to copy to rows */
  readonly order: Uint32Array | null;
}

/** Slots → their sums, number by number; its blocks are ranges of a slot (passes/tasks/reduction.ts). */
export interface ReductionPass {
  readonly kind: "reduction";
  /** none */
  readonly parameters: Float64Array;
  readonly slots: Slots;
}

/** Rows → their sums, component by component; its blocks are ranges of components. */
export interface RowsPass {
  readonly kind: "rows";
  /** none */
  readonly parameters: Float64Array;
  readonly layout: StatisticsLayout;
  /** in memory that all threads share, like the sums */
  readonly rows: BlockRows;
  /** `layout`: the pass writes N, s and S of each component */
  readonly total: CompensatedSums;
}

/** Judges components (components/judgement.ts); its blocks are ranges of them. */
export interface JudgementPass {
  readonly kind: "judgement";
  /** none */
  readonly parameters: Float64Array;
  readonly question: Question;
  /** for triangles side by side; null: one after the other */
  readonly program: SimdProgram | null;
  /** the pass writes them */
  readonly findings: Findings;
}

/** Finds components that moved (kernels/position.ts); its blocks are ranges of them. */
export interface MovesPass {
  readonly kind: "moves";
  /** `densityLayout` */
  readonly parameters: Float64Array;
  readonly shape: Shape;
  readonly arithmetic: Arithmetic;
  /** in memory that all threads share, like what follows: variance inflations, k */
  readonly inflations: Float64Array;
  /** k × `positionLength`: where each component stood; the pass writes where those that moved stand now */
  readonly before: Float64Array;
  /** `PairLists.stands`: the pass writes them */
  readonly stands: Float64Array;
  /** no more than the references of the points; null: nothing is known of before, and none has moved */
  readonly floor: number | null;
  /** k, all 0: the pass writes 1 for a component that moved */
  readonly moved: Uint8Array;
}

/** Computes the part [first, end) of the pass's grid (usually tiles) and overwrites the slot. */
export type BlockTask = (first: number, end: number, slot: Float64Array) => void;

/** Of a pass that takes none. */
export const NO_PARAMETERS: Float64Array = new Float64Array(0);
