import { type BlockGrid, gridOf, type Pass, passWork, slotLength } from "@emix/core";
import { describe, expect, test } from "vitest";
import { KernelPrograms } from "../../../../packages/core/src/kernels/dispatch.ts";
import type { KernelShape } from "../../../../packages/core/src/kernels/kernel.ts";
import { REDUCED_AT_ONCE } from "../../../../packages/core/src/passes/tasks/reduction.ts";
import { nodesIn, nodesLength } from "../../../../packages/core/src/points/nodes.ts";
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
const nodes: Pass = {
  kind: "nodes",
  program: programs.distances(shape("full"), 0),
  parameters,
  nodes: nodesIn(new ArrayBuffer(nodesLength(tiles) * 8), tiles),
};
const labelled: Pass = { kind: "labelled", program: programs.get(shape("full"), 0), parameters, labels };
const distances: Pass = {
  kind: "distances",
  program: { features: 3, tileSize: 64, simd: null },
  restarts: 2,
  candidates: 4,
  power: 2,
  label: 1,
  parameters,
  state: { squared: parameters, labels, masses: parameters, greatest: parameters, potentials: parameters },
  nodes: null,
};
const alone: Pass = { ...distances, candidates: 0 };
const tree = {
  children: Int32Array.of(0),
  leafNumbers: Int32Array.of(0),
  features: new Int32Array(4),
  coefficients: new Float32Array(4),
  thresholds: new Float32Array(1),
  leaves: 1,
};
const routing: Pass = {
  kind: "routing",
  program: { features: 3, simd: null },
  parameters,
  tree,
  leafOf: new Uint16Array(100),
  rows: null,
};
const columns: Pass = { kind: "columns", parameters, first: 0, rows: new Float64Array(200), order: null };
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
    ["nodes", nodes, 0, 100 * 3 * 12],
    ["routing", routing, 0, 100 * 256],
    ["columns", columns, 0, 200 * 16],
    ["labelled points", labelled, 2 + 2 + 6 + 12, 100 * (16 + 3 * 6)],
    ["distances", distances, 8, 100 * 3 * 10 * 3],
    ["distances from new centres", alone, 2, 100 * 3 * 2 * 3],
    ["moments", moments, 2 + 6 * 3, 100 * 3 * 6],
    ["reduction", reduction, 2 * REDUCED_AT_ONCE, 1500 * 5 * 8],
  ])("%s: what a block leaves, and the work", (_, pass, length, work) => {
    expect(slotLength(pass, 3)).toBe(length);
    expect(passWork(pass, tiles)).toBe(work);
  });

  test.each<[Pass, BlockGrid]>([
    [moments, { blocks: 1, perBlock: 2, total: 2 }],
    [evaluation, { blocks: 1, perBlock: 1, total: 1 }],
    [nodes, { blocks: 1, perBlock: 16, total: 1 }],
    [reduction, { blocks: 2, perBlock: 1024, total: 1500 }],
  ])("are cut into blocks, %#", (pass, grid) => {
    expect(gridOf(pass, tiles)).toEqual(grid);
  });
});
