import { bisectionsOf } from "../points/order/bisections.ts";
import { arePartedFurther, inOrder, pointsInSection, sampleSize, sortByLeaf } from "../points/order/order.ts";
import { rowWidth } from "../points/order/parting-kernel.ts";
import { evenSample } from "../points/order/sample.ts";
import { type Stretches, withPauses } from "../points/stretches.ts";
import { type Tiles, tileCount, tilesBetween } from "../points/tiles.ts";
import { slotsBytes } from "./blocks.ts";
import type { Executor } from "./executor.ts";
import { NO_PARAMETERS } from "./pass.ts";
import { chunksWork } from "./work.ts";

/** Features of a row that fill a line of the cache. */
const LINE_BYTES = 64;

/**
 * Puts points in an order in which neighbours lie near each other, in place. Sections of neighbouring points are ordered each
 * by itself, so that one can be ordered wherever it lies.
 * in: pause, awaited between stretches of work. out: order, n, in memory of the caller
 */
export async function orderPoints(
  executor: Executor,
  order: Uint32Array,
  pause: () => Promise<void> | void = () => {},
): Promise<void> {
  const { tiles } = executor;
  const perSection = pointsInSection(tiles.features) / tiles.tileSize;
  for (let first = 0; first < tileCount(tiles); first += perSection) {
    const section = tilesBetween(tiles, first, first + perSection);
    const own = order.subarray(first * tiles.tileSize, first * tiles.tileSize + section.count);
    await orderSection(executor.over(section), own, pause);
    if (first > 0) for (let i = 0; i < own.length; i++) own[i] += first * tiles.tileSize;
  }
}

/** Points are parted by a tree of bisections of a sample, sorted by their leaves, and parted further among neighbours. */
async function orderSection(executor: Executor, order: Uint32Array, pause: () => Promise<void> | void): Promise<void> {
  const { tiles } = executor;
  const { count, pointWeights } = tiles;
  const work = <T>(stretches: Stretches<T>) => withPauses(stretches, pause);
  const sample = await work(evenSample(tiles, sampleSize(tiles)));
  const tree = await work(bisectionsOf(sample));
  const areParted = arePartedFurther(tiles);
  const rowsLength = areParted ? count * rowWidth(tiles.features) : 0;
  const parameters = new Float64Array(2 * tiles.features);
  parameters.set(sample.means);
  parameters.set(sample.scales, tiles.features);
  const columns = columnsPlan(tiles);
  await executor.lend(Math.max(rowsLength * 4 + count * 10, columns.bytes), async (memory) => {
    const rows = areParted ? new Float32Array(memory, 0, rowsLength) : null;
    const [before, after] = [0, 4 * count].map((at) => new Uint32Array(memory, rowsLength * 4 + at, count));
    const leafOf = new Uint16Array(memory, rowsLength * 4 + 8 * count, count);
    const program = executor.programs.parting(tiles, chunksWork(tiles));
    await executor.run({ kind: "routing", program, parameters, tree, leafOf, rows }, () => undefined);
    await work(sortByLeaf(leafOf, tree.leaves, before));
    if (rows !== null) {
      await executor.run({ kind: "chunks", program, parameters: NO_PARAMETERS, rows, before, after }, () => undefined);
    }
    order.set(rows === null ? before : after);
    await moveColumns(executor, order, { ...columns, memory });
  });
  if (pointWeights !== null) await work(inOrder(pointWeights, order));
}

/** How many features are moved together, no more than fill a line of the cache, and the memory that they take. */
function columnsPlan(tiles: Tiles): { readonly atOnce: number; readonly bytes: number } {
  const { count, features, dtype } = tiles;
  const each = dtype === "f64" ? 8 : 4;
  const room = Math.floor(slotsBytes(tiles) / (count * each));
  const atOnce = Math.max(1, Math.min(features, LINE_BYTES / each, room));
  return { atOnce, bytes: count * atOnce * each };
}

/** Moves the coordinates, some features at a time. in: memory for so many of them */
async function moveColumns(
  executor: Executor,
  order: Uint32Array,
  { atOnce, memory }: { readonly atOnce: number; readonly memory: ArrayBufferLike },
): Promise<void> {
  const { count, features, dtype } = executor.tiles;
  for (let first = 0; first < features; first += atOnce) {
    const length = count * Math.min(atOnce, features - first);
    const rows = dtype === "f64" ? new Float64Array(memory, 0, length) : new Float32Array(memory, 0, length);
    const pass = { kind: "columns", parameters: NO_PARAMETERS, first, rows } as const;
    await executor.run({ ...pass, order: null }, () => undefined);
    await executor.run({ ...pass, order }, () => undefined);
  }
}
