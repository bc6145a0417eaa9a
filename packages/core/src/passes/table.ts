import type { KernelCache } from "../kernels/kernel-cache.ts";
import { GROUP_TILES } from "../points/nodes.ts";
import { tilesInChunk } from "../points/order/chunk.ts";
import { type Tiles, tileCount, tilesBetween } from "../points/tiles.ts";
import { HEAD } from "../statistics/rows.ts";
import { statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { type BlockGrid, blockGrid, cutIntoBlocks } from "./blocks.ts";
import type { BlockTask, ExpectationPass, LabelledPass, Pass } from "./pass.ts";
import { chunks } from "./tasks/chunks.ts";
import { columns } from "./tasks/columns.ts";
import { distances } from "./tasks/distances.ts";
import { expectation } from "./tasks/expectation.ts";
import { judgement } from "./tasks/judgement.ts";
import { labelledTask } from "./tasks/labelled.ts";
import { moments, momentsLayout } from "./tasks/moments.ts";
import { moves } from "./tasks/moves.ts";
import { nearest } from "./tasks/nearest.ts";
import { nodes } from "./tasks/nodes.ts";
import { REDUCED_AT_ONCE, reduction } from "./tasks/reduction.ts";
import { routing } from "./tasks/routing.ts";
import { rows } from "./tasks/rows.ts";
import { chunksWork, componentsWork, distancesWork, expectationWork, labelledWork } from "./work.ts";

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
    slotLength: slotOrHead,
    work: ({ program }, { count }) => expectationWork(count, program.shape),
    grid: (pass, tiles) => blockGrid(tiles, statisticsLength(pass)),
    open: expectation,
  },

  evaluation: {
    slotLength: () => 0,
    work: ({ program, firstTile, endTile }, { tileSize }) =>
      expectationWork((endTile - firstTile) * tileSize, program.shape),
    grid: ({ firstTile, endTile }, tiles) => blockGrid(tilesBetween(tiles, firstTile, endTile), 1),
    open({ program, parameters, firstTile, endTile, evaluation, stands, lists }, tiles, kernels) {
      const kernel = kernels.get(program);
      kernel.load(parameters, false);
      const window = tilesBetween(tiles, firstTile, endTile);
      return (first, end) => kernel.evaluate({ tiles: window, first, end }, evaluation, stands, lists);
    },
  },

  labelled: {
    slotLength: slotOrHead,
    work: ({ program }, { count }) => labelledWork(count, program.shape),
    grid: (pass, tiles) => blockGrid(tiles, statisticsLength(pass)),
    open: labelledTask,
  },

  distances: {
    slotLength: ({ restarts, candidates }) => restarts * Math.max(1, candidates),
    work: ({ restarts, candidates }, { count, features }) =>
      distancesWork(count, features, restarts * (1 + candidates)),
    open: distances,
  },

  nearest: {
    slotLength: () => 0,
    work: (_pass, { count, features }) => distancesWork(count, features, NEAR_CENTRES),
    grid: (_pass, tiles) => blockGrid(tiles, 1),
    open: nearest,
  },

  moments: {
    slotLength: (_pass, features) => momentsLayout(features).length,
    work: (_pass, { count, features }) => count * features * 6,
    open: moments,
  },

  nodes: {
    slotLength: () => 0,
    work: (_pass, { count, features }) => count * features * 12,
    grid: (_pass, tiles) => cutIntoBlocks(Math.ceil(tileCount(tiles) / GROUP_TILES), GROUPS_IN_BLOCK),
    open: nodes,
  },

  routing: {
    slotLength: () => 0,
    work: (_pass, { count }) => count * ROUTE_WORK,
    open: routing,
  },

  chunks: {
    slotLength: () => 0,
    work: (_pass, tiles) => chunksWork(tiles),
    grid: (_pass, tiles) => cutIntoBlocks(Math.ceil(tileCount(tiles) / tilesInChunk(tiles)), 1),
    open: chunks,
  },

  columns: {
    slotLength: () => 0,
    work: ({ rows }) => rows.length * 16,
    open: columns,
  },

  reduction: {
    slotLength: () => 2 * REDUCED_AT_ONCE,
    work: ({ slots }) => slots.slotLength * slots.blocks * 8,
    grid: ({ slots }) => cutIntoBlocks(slots.slotLength, REDUCED_AT_ONCE),
    open: reduction,
  },

  rows: {
    slotLength: () => 0,
    work: ({ layout, rows }) => layout.length * rows.counts.length * 8,
    grid: ({ layout }) => componentGrid(layout.components),
    open: rows,
  },

  judgement: {
    slotLength: () => 0,
    work: ({ question }) => componentsWork(question.statistics.layout),
    grid: ({ question }) => componentGrid(question.statistics.layout.components),
    open: judgement,
  },

  moves: {
    slotLength: () => 0,
    work: ({ shape }) => componentsWork(shape),
    grid: ({ shape }) => componentGrid(shape.components),
    open: moves,
  },
};

/** How many numbers a block leaves of statistics, besides rows. */
function slotOrHead(pass: ExpectationPass | LabelledPass): number {
  return pass.rows === undefined ? statisticsLength(pass) : HEAD.length;
}

/** How many numbers the slot of a pass has that leaves statistics. */
function statisticsLength({ program: { shape } }: ExpectationPass | LabelledPass): number {
  return statisticsLayout(shape.components, shape.features, shape.covarianceType).length;
}

/** Roughly how many centres are measured for a point. */
const NEAR_CENTRES = 64;

const GROUPS_IN_BLOCK = 16;

/** Roughly how many operations take a point to its leaf. */
const ROUTE_WORK = 256;

/** At most how many blocks components are divided into: enough to keep many threads busy. */
const COMPONENT_BLOCKS = 128;

function componentGrid(components: number): BlockGrid {
  return cutIntoBlocks(components, Math.ceil(components / COMPONENT_BLOCKS));
}

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
  if ("tilesInBlock" in pass && pass.tilesInBlock !== undefined) {
    return cutIntoBlocks(tileCount(tiles), pass.tilesInBlock);
  }
  return rowOf(pass).grid?.(pass, tiles) ?? blockGrid(tiles, slotLength(pass, tiles.features));
}

/** What one thread does for a pass: opened once, then called for each block. */
export function openPass(pass: Pass, tiles: Tiles, kernels: KernelCache): BlockTask {
  return rowOf(pass).open(pass, tiles, kernels);
}
