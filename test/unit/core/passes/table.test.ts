import {
  type BlockGrid,
  gridOf,
  type KernelShape,
  openPass,
  type Pass,
  passWork,
  slotLength,
  tilePoints,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { KernelPrograms } from "../../../../packages/core/src/kernels/dispatch.ts";
import { KernelCache } from "../../../../packages/core/src/kernels/kernel-cache.ts";
import { REDUCED_AT_ONCE } from "../../../../packages/core/src/passes/reduction.ts";
import { measureLayout, withMeasure } from "../../../../packages/core/src/statistics/frames.ts";

const tiles = tilePoints({ data: new Float64Array(300), features: 3 });
const shape = (covarianceType: KernelShape["covarianceType"]): KernelShape => ({
  features: 3,
  components: 2,
  covarianceType,
  dtype: "f64",
  tileSize: 64,
});
const parameters = new Float64Array(0);
const programs = new KernelPrograms({ kernel: "reference" });
const expectation = (covarianceType: KernelShape["covarianceType"]): Pass => ({
  kind: "expectation",
  program: programs.get(shape(covarianceType), 0),
  parameters,
  measured: false,
});
const evaluation: Pass = {
  kind: "evaluation",
  program: programs.get(shape("diag"), 0),
  parameters,
  firstTile: 1,
  endTile: 2,
  evaluation: {},
};
const assignment: Pass = { kind: "assignment", components: 2, covarianceType: "full", parameters };
const distances: Pass = {
  kind: "distances",
  program: { features: 3, tileSize: 64, simd: null },
  restarts: 2,
  candidates: 4,
  first: false,
  parameters,
  squaredDistances: parameters,
};
const moments: Pass = { kind: "moments", parameters };
const reduction: Pass = { kind: "reduction", parameters, slots: { values: parameters, blocks: 5, slotLength: 1500 } };

describe("passes", () => {
  test.each<[string, Pass, number, number]>([
    // numbers of a slot; flops, roughly
    ["E-step, full", expectation("full"), 2 + 2 + 6 + 12, 100 * 2 * (16 + 3 * 6)],
    ["E-step, tied", expectation("tied"), 2 + 2 + 6 + 6, 100 * 2 * (16 + 3 * 6)],
    ["E-step, diag", expectation("diag"), 2 + 2 + 6 + 6, 100 * 2 * (16 + 3 * 8)],
    ["E-step, spherical", expectation("spherical"), 2 + 2 + 6 + 2, 100 * 2 * (16 + 3 * 8)],
    ["evaluation of a tile", evaluation, 0, 64 * 2 * (16 + 3 * 8)],
    ["assignment", assignment, 2 + 2 + 6 + 12, 100 * 3 * (3 * 2 + 3)],
    ["distances", distances, 8, 100 * 3 * 10 * 3],
    ["moments", moments, 2 + 4 * 3, 100 * 3 * 6],
    ["reduction", reduction, 2 * REDUCED_AT_ONCE, 1500 * 5 * 8],
  ])("%s: what a block leaves, and the work", (_, pass, length, work) => {
    expect(slotLength(pass, 3)).toBe(length);
    expect(passWork(pass, tiles)).toBe(work);
  });

  test.each<[Pass, BlockGrid]>([
    [moments, { blocks: 1, perBlock: 2, total: 2 }],
    [evaluation, { blocks: 1, perBlock: 1, total: 1 }],
    [reduction, { blocks: 2, perBlock: 1024, total: 1500 }],
  ])("are cut into blocks, %#", (pass, grid) => {
    expect(gridOf(pass, tiles)).toEqual(grid);
  });
});

describe("hard assignment", () => {
  const points = tilePoints([[0], [1], [4], [9], [2.5]], [1, 2, 1, 0, 3]);
  const centres = Float64Array.of(1, 4);
  const layout = measureLayout(2, { components: 2, features: 1, covarianceType: "full" });
  const slotOf = (framed: number[], pivots: number[], factors: number[]) => {
    const measure = {
      pivots: Float64Array.from(pivots),
      frames: { framed: Int8Array.from(framed), factors: Float64Array.from(factors) },
    };
    const pass = { ...assignment, parameters: withMeasure(centres, layout, measure) } as Pass;
    const slot = new Float64Array(slotLength(pass, 1)).fill(7);
    openPass(pass, points, new KernelCache())(0, 1, slot);
    return [...slot];
  };

  test("each point to its nearest centre, the first of a tie; about the pivots", () => {
    // N = 1 + 2 + 3 (2.5 lies in the middle) and 1, about 1 and 4
    expect(slotOf([0, 0], [1, 4], [1, 1])).toEqual([0, 7, 6, 1, -1 + 4.5, 0, 1 + 6.75, 0]);
    expect(slotOf([0, 0], [0, 2], [1, 1])).toEqual([0, 7, 6, 1, 2 + 7.5, 2, 2 + 18.75, 4]);
  });

  test("in frames, or left out, as the measure says", () => {
    expect(slotOf([1, 0], [1, 4], [2, 9])).toEqual([0, 7, 6, 1, 3.5, 0, 4 * 7.75, 0]);
    expect(slotOf([-1, 1], [0, 2], [9, 3])).toEqual([0, 7, 0, 1, 0, 2, 0, 36]);
  });
});

describe("hard assignment of a block", () => {
  test("takes the points of its tiles alone, of two features, none of weight 0", () => {
    const rows = Array.from({ length: 67 }, (_, i) =>
      i < 64
        ? [9, 9]
        : [
            [0, 1],
            [5, 5],
            [1, 0],
          ][i - 64],
    );
    const points = tilePoints(rows, [...new Array(64).fill(1), 1, 0, 2]);
    const layout = measureLayout(4, { components: 2, features: 2, covarianceType: "diag" });
    const measure = {
      pivots: Float64Array.of(0, 0, 4, 4),
      frames: { framed: Int8Array.of(0, 0), factors: new Float64Array(4) },
    };
    const parameters = withMeasure(Float64Array.of(0, 0, 4, 4), layout, measure);
    const slot = new Float64Array(12).fill(7);
    openPass({ ...assignment, covarianceType: "diag", parameters } as Pass, points, new KernelCache())(1, 2, slot);
    expect([...slot]).toEqual([0, 3, 3, 0, 2, 1, 0, 0, 2, 1, 0, 0]);
  });

  test("nothing but the last coordinate may tell centres apart", () => {
    const points = tilePoints([
      [1, 0],
      [1, 3],
    ]);
    const layout = measureLayout(4, { components: 2, features: 2, covarianceType: "spherical" });
    const measure = {
      pivots: new Float64Array(4),
      frames: { framed: Int8Array.of(0, 0), factors: new Float64Array(2) },
    };
    const parameters = withMeasure(Float64Array.of(1, 4, 1, 1), layout, measure);
    const slot = new Float64Array(10);
    openPass({ ...assignment, covarianceType: "spherical", parameters } as Pass, points, new KernelCache())(0, 1, slot);
    expect([...slot.subarray(0, 4)]).toEqual([0, 2, 1, 1]);
  });
});

describe("reduction", () => {
  test("adds a range of all slots, whatever its own slot held", () => {
    const values = Float64Array.of(1, 2 ** 60, 3, 10, 1, 30);
    const pass: Pass = { kind: "reduction", parameters, slots: { values, blocks: 2, slotLength: 3 } };
    const slot = new Float64Array(2 * REDUCED_AT_ONCE).fill(7);
    openPass(pass, tiles, new KernelCache())(1, 3, slot);
    expect([...slot.subarray(0, 3)]).toEqual([2 ** 60, 33, 7]);
    expect([...slot.subarray(REDUCED_AT_ONCE, REDUCED_AT_ONCE + 3)]).toEqual([1, 0, 7]);
  });
});

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
