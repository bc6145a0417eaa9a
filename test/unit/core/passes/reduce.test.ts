import type { CovarianceType } from "@emix/core";
import { describe, expect, test } from "vitest";
import { roundSums } from "../../../../packages/core/src/linear-algebra/compensated-sum.ts";
import { reduce } from "../../../../packages/core/src/passes/reduce.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
import { noFrames } from "../../../../packages/core/src/statistics/frames.ts";
import { statisticsLayout } from "../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { inThreadExecutor } from "../../../support/in-thread-executor.ts";

// Two blocks of a slot longer than one block of the reduction (1024 numbers).

const executor = inThreadExecutor(tilePoints([[1], [2]]));

describe("the sum of blocks", () => {
  test.each<[CovarianceType, number, number]>([
    ["full", 2, 40],
    ["diag", 2, 3],
  ])("adds every number of %s slots, and keeps what rounding would lose", async (type, components, features) => {
    const layout = statisticsLayout(components, features, type);
    const [pivots, frames] = [new Float64Array(components * features), noFrames(layout)];
    const blocks = [1, 2 ** -60, 3].map((size) =>
      Float64Array.from({ length: layout.length }, (_, i) => size * (i + 1)),
    );
    const slots = {
      values: Float64Array.from(blocks.flatMap((block) => [...block])),
      blocks: 3,
      slotLength: layout.length,
    };
    const statistics = await reduce(executor, slots, layout, { pivots, frames });
    expect(statistics.pivots).toBe(pivots);
    expect(statistics.frames).toBe(frames);
    expect(statistics.sums).toEqual(Float64Array.from({ length: layout.length }, (_, i) => 4 * (i + 1)));
    expect(statistics.errors).toEqual(blocks[1]);
    expect(roundSums(statistics)).toEqual(statistics.sums);
  });
});
