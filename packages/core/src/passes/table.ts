import type { KernelCache } from "../kernels/kernel-cache.ts";
import { type Tiles, tilesBetween } from "../points/tiles.ts";
import { statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { type BlockGrid, blockGrid, cutIntoBlocks } from "./blocks.ts";
import { labelled, nearest } from "./labelled.ts";
import { moments, momentsLayout } from "./moments.ts";
import type { BlockTask, Pass } from "./pass.ts";
import { REDUCED_AT_ONCE, reduction } from "./reduction.ts";
import { distancesWork, expectationWork, labelledWork } from "./work.ts";

type Kind = Pass["kind"];
type PassOf<K extends Kind> = Extract<Pass, { readonly kind: K }>;

/** All that differs between the kinds of passes. */
interface PassRow<P extends Pass> {
  /** How many numbers a block leaves. */
  slotLength(pass: P, features: number): number;
  /** Roughly how many flops the pass takes. */
  work(pass: P, tiles: Tiles): number;
  /** How the pass is divided into blocks, if not by `blockGrid`. */
  grid?(pass: P, tiles: Tiles): BlockGrid;
  /** What one thread does: opened once, then called for each block. */
  open(pass: P, tiles: Tiles, kernels: KernelCache): BlockTask;
}

const ROWS: { readonly [K in Kind]: PassRow<PassOf<K>> } = {
  expectation: {
    slotLength: ({ program: { shape } }) =>
      statisticsLayout(shape.components, shape.features, shape.covarianceType).length,
    work: ({ program }, { count }) => expectationWork(count, program.shape),
    open({ program, parameters, measured, lists }, tiles, kernels) {
      const kernel = kernels.get(program);
      kernel.load(parameters, measured);
      return (first, end, slot) => kernel.expectation({ tiles, first, end }, slot, lists);
    },
  },

  evaluation: {
    slotLength: () => 0,
    work: ({ program, firstTile, endTile }, { tileSize }) =>
      expectationWork((endTile - firstTile) * tileSize, program.shape),
    grid: ({ firstTile, endTile }, tiles) => blockGrid(tilesBetween(tiles, firstTile, endTile), 1),
    open({ program, parameters, firstTile, endTile, evaluation }, tiles, kernels) {
      const kernel = kernels.get(program);
      kernel.load(parameters, false);
      const window = tilesBetween(tiles, firstTile, endTile);
      return (first, end) => kernel.evaluate({ tiles: window, first, end }, evaluation);
    },
  },

  nearest: {
    slotLength: () => 0,
    work: ({ parameters }, { count, features }) => distancesWork(count, features, parameters.length / features),
    open: nearest,
  },

  labelled: {
    slotLength: ({ program: { shape } }) =>
      statisticsLayout(shape.components, shape.features, shape.covarianceType).length,
    work: ({ program }, { count }) => labelledWork(count, program.shape),
    open: labelled,
  },

  distances: {
    slotLength: ({ restarts, candidates }) => restarts * candidates,
    work: ({ restarts, candidates }, { count, features }) =>
      distancesWork(count, features, restarts * (1 + candidates)),
    open(pass, tiles, kernels) {
      const kernel = kernels.distances(pass.program);
      return (first, end, slot) => kernel.measure({ tiles, first, end }, pass, slot);
    },
  },

  moments: {
    slotLength: (_pass, features) => momentsLayout(features).length,
    work: (_pass, { count, features }) => count * features * 6,
    open: moments,
  },

  reduction: {
    slotLength: () => 2 * REDUCED_AT_ONCE,
    work: ({ slots }) => slots.slotLength * slots.blocks * 8,
    grid: ({ slots }) => cutIntoBlocks(slots.slotLength, REDUCED_AT_ONCE),
    open: reduction,
  },
};

/** The row of a pass. The compiler cannot see that both are of the same kind. */
function rowOf(pass: Pass): PassRow<Pass> {
  return ROWS[pass.kind] as PassRow<Pass>;
}

/** How many numbers a block of the pass leaves. */
export function slotLength(pass: Pass, features: number): number {
  return rowOf(pass).slotLength(pass, features);
}

/** Roughly how many flops a pass takes, which decides whether it is worth using threads. */
export function passWork(pass: Pass, tiles: Tiles): number {
  return rowOf(pass).work(pass, tiles);
}

/** How a pass is divided into blocks. */
export function gridOf(pass: Pass, tiles: Tiles): BlockGrid {
  return rowOf(pass).grid?.(pass, tiles) ?? blockGrid(tiles, slotLength(pass, tiles.features));
}

/** What one thread does for a pass: opened once, then called for each block. */
export function openPass(pass: Pass, tiles: Tiles, kernels: KernelCache): BlockTask {
  return rowOf(pass).open(pass, tiles, kernels);
}
