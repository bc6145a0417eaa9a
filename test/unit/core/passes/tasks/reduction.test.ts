import { openPass, type Pass } from "@emix/core";
import { describe, expect, test } from "vitest";
import { KernelCache } from "../../../../../packages/core/src/kernels/kernel-cache.ts";
import { REDUCED_AT_ONCE } from "../../../../../packages/core/src/passes/tasks/reduction.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";

describe("the reduction", () => {
  test("adds a range of all slots, whatever its own slot held", () => {
    const values = Float64Array.of(1, 2 ** 60, 3, 10, 1, 30);
    const parameters = new Float64Array(0);
    const pass: Pass = { kind: "reduction", parameters, slots: { values, blocks: 2, slotLength: 3 } };
    const slot = new Float64Array(2 * REDUCED_AT_ONCE).fill(7);
    openPass(pass, tilePoints([[1]]), new KernelCache())(1, 3, slot);
    expect([...slot.subarray(0, 3)]).toEqual([2 ** 60, 33, 7]);
    expect([...slot.subarray(REDUCED_AT_ONCE, REDUCED_AT_ONCE + 3)]).toEqual([1, 0, 7]);
  });
});
