import { twoSumError } from "../elementary/rounding.ts";
import { blockGrid } from "../passes/blocks.ts";
import { type AnyExecutor, gather } from "../passes/executor.ts";
import type { Slots } from "../passes/slots.ts";
import { momentsLayout } from "../passes/tasks/moments.ts";
import { gatheredBytes } from "../points/gather.ts";
import { firstWeighing, storedPoint, type TilesFacts } from "../points/tiles.ts";

/** What a fit must know about the points before it starts. */
export interface Summary {
  /** points of positive weight */
  readonly counted: number;
  readonly weightTotal: number;
  /** d */
  readonly means: Float64Array;
  /** d, weighted variances about the means */
  readonly variances: Float64Array;
  /** d each: the smallest and greatest value of each feature */
  readonly least: Float64Array;
  readonly greatest: Float64Array;
  /** d each: the place of a point that has it */
  readonly leastAt: Float64Array;
  readonly greatestAt: Float64Array;
  /** the points that this is about; everything is in their stored units */
  readonly tiles: TilesFacts;
}

/** The squared distance of the first point from the mean, in variances, beyond which it would cost the variances digits. */
const FAR = 16;

/** Makes a pass about the first point, and another about the means where the first point lies far from them. */
export async function summarize(executor: AnyExecutor): Promise<Summary> {
  const origin = await originOf(executor);
  const first = summaryAbout(origin, await momentsAbout(executor, origin), executor.tiles);
  const far = first.variances.some((variance, j) => !((first.means[j] - origin[j]) ** 2 <= FAR * variance));
  return far ? summaryAbout(first.means, await momentsAbout(executor, first.means), executor.tiles) : first;
}

function summaryAbout(pivot: Float64Array, moments: Moments, tiles: TilesFacts): Summary {
  const { counted, weightTotal, sums, squares, ...ranges } = moments;
  const shifts = sums.map((sum) => sum / weightTotal);
  const means = pivot.map((value, j) => value + shifts[j]);
  const variances = squares.map((square, j) => square / weightTotal - shifts[j] * shifts[j]);
  return { counted, weightTotal, means, variances, ...ranges, tiles };
}

/** The first point of positive weight, which lies near the data. */
async function originOf(executor: AnyExecutor): Promise<Float64Array> {
  const { features } = executor.tiles;
  const first = { points: [firstWeighing(executor.tiles)], weights: null };
  return storedPoint(
    await gather(executor, first, new ArrayBuffer(gatheredBytes(1, features))),
    0,
    new Float64Array(features),
  );
}

function momentsAbout(executor: AnyExecutor, pivot: Float64Array): Promise<Moments> {
  const { tiles } = executor;
  const pointsInBlock = blockGrid(tiles, momentsLayout(tiles.features).length).perBlock * tiles.tileSize;
  return executor.run({ kind: "moments", parameters: pivot }, (slots) =>
    reduceMoments(slots, pivot.length, pointsInBlock),
  );
}

type Moments = ReturnType<typeof reduceMoments>;

function reduceMoments({ values, blocks, slotLength }: Slots, features: number, pointsInBlock: number) {
  const layout = momentsLayout(features);
  const total = values.slice(0, slotLength);
  const errors = new Float64Array(layout.least);
  for (let block = 1; block < blocks; block++) {
    const slot = values.subarray(block * slotLength, (block + 1) * slotLength);
    for (let i = 0; i < layout.least; i++) {
      const before = total[i];
      total[i] = before + slot[i];
      errors[i] += twoSumError(before, slot[i], total[i]);
    }
    for (let j = 0; j < features; j++) {
      if (slot[layout.least + j] < total[layout.least + j]) take(slot, layout.least + j, layout.leastAt + j);
      if (slot[layout.greatest + j] > total[layout.greatest + j])
        take(slot, layout.greatest + j, layout.greatestAt + j);
    }

    function take(from: Float64Array, value: number, place: number): void {
      total[value] = from[value];
      total[place] = block * pointsInBlock + from[place];
    }
  }
  const sums = total.map((value, i) => value + (errors[i] ?? 0));
  const row = (offset: number) => sums.slice(offset, offset + features);
  return {
    counted: sums[layout.counted],
    weightTotal: sums[layout.weightTotal],
    sums: row(layout.sums),
    squares: row(layout.squares),
    least: row(layout.least),
    greatest: row(layout.greatest),
    leastAt: row(layout.leastAt),
    greatestAt: row(layout.greatestAt),
  };
}
