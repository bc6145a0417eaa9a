import { densityLayout } from "../mixture/density.ts";
import { blockGrid, passesAtOnce } from "../passes/blocks.ts";
import { expectationWork } from "../passes/work.ts";
import { gatheredBytes } from "../points/gather.ts";
import { nodesLength } from "../points/nodes.ts";
import { areOrdered } from "../points/order/order.ts";
import { type Dtype, tileSizeFor, tilesBytes } from "../points/tiles.ts";
import { statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { planLists } from "../step/lists/list-memory.ts";
import { startFor } from "./exchange/budget.ts";
import { START_PLANS } from "./exchange/plans.ts";
import { needStartOfMany, startOfManyBytes } from "./initialization/many-components.ts";
import { treeBytes } from "./initialization/seed-in-tree.ts";
import type { ResolvedFitOptions } from "./options/options.ts";
import { stagesOf } from "./progressive/stages.ts";

/** The facts about points from which the cost of a fit is estimated. */
export interface PlanShape {
  /** n */
  readonly points: number;
  /** d */
  readonly features: number;
  /** Default false. */
  readonly weighted?: boolean;
  /** Default "f64". */
  readonly dtype?: Dtype;
}

/** What a fit will take. */
export interface FitPlan {
  /** Memory by what it is for. */
  readonly bytes: PlannedBytes;
  /** Floating-point operations of one step, roughly. */
  readonly flopsPerStep: number;
  /** Steps of all starts together, at most. */
  readonly steps: number;
  /**
   * Wall time, on as many threads as the engine has, of a step that computes every pair of a point and a component: an estimate,
   * right to a factor of three or so. Where components lie apart, a step leaves most pairs out and takes a small part of it.
   */
  readonly secondsPerStep: number;
}

/** Memory that a fit will take, in bytes. */
export interface PlannedBytes {
  /** the points in shared memory, with their weights, their order and nodes */
  readonly points: number;
  /** sums of blocks, of all passes that run side by side */
  readonly slots: number;
  /** lists of pairs that need not be computed, of all runs of EM side by side */
  readonly lists: number;
  /** what drawing starts and fitting them to parts of the points needs, at most */
  readonly starts: number;
  /** what threads and their kernels hold, beside a process that does nothing; an estimate */
  readonly threads: number;
  /** all of them */
  readonly peak: number;
}

/** Bytes of a thread with its compiled kernels, before any point is read. */
const THREAD_BYTES = 20 * 2 ** 20;
/** How many arrays the size of a slot a step holds: sums, estimates, and mixtures before and after. */
const COORDINATED = 16;
const LEAST_STARTS_BYTES = 16 * 2 ** 20;
/** Bytes of a point while centres are drawn: its distance and label, and its share of tiles and nodes, without its coordinates. */
const START_BYTES = 14;
/** Bytes of the place of a point in the caller's order. */
const ORDER_BYTES = 4;
/** The speed of one thread with vectors of two doubles, measured over many shapes. */
const FLOPS_PER_SECOND = 8e9;
/** The time to hand a pass to threads and to collect its results. */
const SECONDS_PER_PASS = 3e-4;

/** What a fit of points of this shape takes on a number of threads. Nothing is allocated or run. */
export function planFit(shape: PlanShape, options: ResolvedFitOptions, threads: number): FitPlan {
  const { points: count, features, weighted = false, dtype = "f64" } = shape;
  const { components, covarianceType, restarts, maxIterations } = options;
  const points = tilesBytes({ count, features, dtype, weighted });
  const tiles = { count, tileSize: tileSizeFor(features), data: { byteLength: points } };
  const slot = statisticsLayout(components, features, covarianceType).length;
  const sideBySide = Math.min(restarts, passesAtOnce(tiles, slot, threads));
  const shapeOfKernel = { components, features, covarianceType, dtype, tileSize: tiles.tileSize };
  const bytes = {
    points: points + (areOrdered({ count, features }) ? orderBytes({ ...tiles, features }) : 0),
    slots: blockGrid(tiles, slot).blocks * slot * 8 * sideBySide,
    lists: (planLists(count, shapeOfKernel)?.bytes ?? 0) * sideBySide,
    starts: Math.max(
      LEAST_STARTS_BYTES,
      drawingBytes(shape, options),
      samplesBytes(shape, options, threads),
      partsBytes(shape, options),
    ),
    threads:
      threads *
        (THREAD_BYTES + kernelBytes(densityLayout(components, features, covarianceType).length, tiles, components)) +
      8 * COORDINATED * slot,
  };
  const flopsPerStep = expectationWork(count, shapeOfKernel);
  return {
    bytes: { ...bytes, peak: bytes.points + bytes.slots + bytes.lists + bytes.starts + bytes.threads },
    flopsPerStep,
    steps: restarts * maxIterations,
    secondsPerStep: flopsPerStep / (FLOPS_PER_SECOND * threads) + SECONDS_PER_PASS,
  };
}

/** What the order of points takes, with their nodes. */
function orderBytes(shape: Parameters<typeof nodesLength>[0]): number {
  return ORDER_BYTES * shape.count + 8 * nodesLength(shape);
}

/** What drawing centres takes. */
function drawingBytes({ points, features }: PlanShape, { components }: ResolvedFitOptions): number {
  if (needStartOfMany(components)) return startOfManyBytes(points, features, components);
  return Math.max(points * (START_BYTES + features), treeBytes(points, features, components));
}

/** The sample that components are exchanged on, and its copy in each thread that makes a start. */
function samplesBytes(
  { points, features, dtype = "f64" }: PlanShape,
  options: ResolvedFitOptions,
  threads: number,
): number {
  const { components, covarianceType, initialization, restarts, prior } = options;
  const plan = typeof initialization === "string" ? START_PLANS[initialization] : undefined;
  if (plan === undefined || components === 1 || needStartOfMany(components)) return 0;
  const shape = { components, features, covarianceType, dtype, tileSize: tileSizeFor(features) };
  const { sample, kinds } = startFor(points, shape, { ...plan, purpose: "", isFree: prior === null });
  return gatheredBytes(sample, features) * (1 + Math.min(threads, Math.max(restarts, kinds.length)));
}

/** The largest part of the points that the fit begins with. */
function partsBytes({ points, features }: PlanShape, options: ResolvedFitOptions): number {
  if (options.schedule !== "progressive") return 0;
  const largest = stagesOf(points, { ...options, features }).at(-1);
  return largest === undefined ? 0 : gatheredBytes(largest.points, features);
}

/** Parameters, in two orders, the statistics that are under way, and a tile's distances. */
function kernelBytes(parameters: number, { tileSize }: { readonly tileSize: number }, components: number): number {
  return 8 * (4 * parameters + 4 * tileSize * components);
}
