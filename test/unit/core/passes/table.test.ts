import { type BlockGrid, gridOf, type Pass, passWork, slotLength } from "@emix/core";
import { describe, expect, test } from "vitest";
import { KernelPrograms } from "../../../../packages/core/src/kernels/dispatch.ts";
import type { KernelShape } from "../../../../packages/core/src/kernels/kernel.ts";
import { REDUCED_AT_ONCE } from "../../../../packages/core/src/passes/tasks/reduction.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";

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
const labels = new Int32Array(128);
const nearest: Pass = {
  kind: "nearest",
  program: programs.distances(shape("full"), 0),
  parameters: new Float64Array(2 * 3),
  labels,
};
const labelled: Pass = { kind: "labelled", program: programs.get(shape("full"), 0), parameters, labels };
const distances: Pass = {
  kind: "distances",
  program: { features: 3, tileSize: 64, simd: null },
  restarts: 2,
  candidates: 4,
  power: 2,
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
    ["nearest centre", nearest, 0, 100 * 3 * 2 * 3],
    ["labelled points", labelled, 2 + 2 + 6 + 12, 100 * (16 + 3 * 6)],
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
