import { openPass } from "@emix/core";
import { describe, expect, test } from "vitest";
import { KernelCache } from "../../../../../packages/core/src/kernels/kernel-cache.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";

describe("moments and ranges", () => {
  test("about the pivot, of the points that weigh something, over the tiles of a block", () => {
    const data = Float64Array.from({ length: 130 }, (_, i) => i);
    const weights = data.map((x) => (x % 64 === 1 ? 2 : Number(x === 129)));
    const points = tilePoints({ data, features: 1 }, weights);
    const slot = new Float64Array(6);
    const task = openPass({ kind: "moments", parameters: Float64Array.of(1) }, points, new KernelCache());
    task(1, 3, slot);
    // 65 twice, 129 twice
    expect([...slot]).toEqual([4, 2, 2 * 64 + 2 * 128, 2 * 64 ** 2 + 2 * 128 ** 2, 65, 129]);
    task(0, 1, slot);
    expect([...slot]).toEqual([2, 1, 0, 0, 1, 1]);
  });

  test("without weights every point counts once, and padding does not", () => {
    const points = tilePoints([
      [1, 5],
      [3, -5],
      [2, 0],
    ]);
    const slot = new Float64Array(10);
    openPass({ kind: "moments", parameters: Float64Array.of(1, 0) }, points, new KernelCache())(0, 1, slot);
    expect([...slot]).toEqual([3, 3, 3, 0, 5, 50, 1, -5, 3, 5]);
  });
});
