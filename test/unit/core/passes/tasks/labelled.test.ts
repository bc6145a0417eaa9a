import { type CovarianceType, KernelPrograms, openPass, slotLength, type Tiles } from "@emix/core";
import { describe, expect, test } from "vitest";
import { KernelCache } from "../../../../../packages/core/src/kernels/kernel-cache.ts";
import { passStatistics } from "../../../../../packages/core/src/passes/reduce.ts";
import { rowsLength } from "../../../../../packages/core/src/passes/rows-length.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { measureLayout, noFrames, withMeasure } from "../../../../../packages/core/src/statistics/frames.ts";
import { statisticsLayout } from "../../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { nearestLabels } from "../../../../support/nearest-labels.ts";

const programs = new KernelPrograms({ kernel: "reference" });
const labelled = ({ dtype, features, tileSize }: Tiles, covarianceType: CovarianceType) => ({
  kind: "labelled" as const,
  program: programs.get({ components: 2, covarianceType, dtype, features, tileSize }, 0),
});

describe("moments of labelled points", () => {
  const points = tilePoints([[0], [1], [4], [9], [2.5]], [1, 2, 1, 0, 3]);
  const labels = nearestLabels(points, Float64Array.of(1, 4));
  const layout = measureLayout(0, { components: 2, features: 1, covarianceType: "full" });
  const slotOf = (framed: number[], pivots: number[], factors: number[]) => {
    const measure = {
      pivots: Float64Array.from(pivots),
      frames: { framed: Int8Array.from(framed), factors: Float64Array.from(factors) },
    };
    const parameters = withMeasure(new Float64Array(0), layout, measure);
    const pass = { ...labelled(points, "full"), parameters, labels };
    const slot = new Float64Array(slotLength(pass, 1)).fill(7);
    openPass(pass, points, new KernelCache())(0, 1, slot);
    return [...slot];
  };

  test("are taken about the pivots", () => {
    // N = 1 + 2 + 3 and 1, about 1 and 4
    expect(slotOf([0, 0], [1, 4], [1, 1])).toEqual([0, 7, 6, 1, -1 + 4.5, 0, 1 + 6.75, 0]);
    expect(slotOf([0, 0], [0, 2], [1, 1])).toEqual([0, 7, 6, 1, 2 + 7.5, 2, 2 + 18.75, 4]);
  });

  test("in frames, or left out, as the measure says", () => {
    expect(slotOf([1, 0], [1, 4], [2, 9])).toEqual([0, 7, 6, 1, 3.5, 0, 4 * 7.75, 0]);
    expect(slotOf([-1, 1], [0, 2], [9, 3])).toEqual([0, 7, 0, 1, 0, 2, 0, 36]);
  });

  test("are those of the tiles of a block alone, without points of weight 0", () => {
    const last = [
      [0, 1],
      [5, 5],
      [1, 0],
    ];
    const rows = Array.from({ length: 67 }, (_, i) => (i < 64 ? [9, 9] : last[i - 64]));
    const points = tilePoints(rows, [...new Array(64).fill(1), 1, 0, 2]);
    const measure = {
      pivots: Float64Array.of(0, 0, 4, 4),
      frames: { framed: Int8Array.of(0, 0), factors: new Float64Array(4) },
    };
    const layout = measureLayout(0, { components: 2, features: 2, covarianceType: "diag" });
    const parameters = withMeasure(new Float64Array(0), layout, measure);
    const slot = new Float64Array(12).fill(7);
    const labels = nearestLabels(points, Float64Array.of(0, 0, 4, 4));
    openPass({ ...labelled(points, "diag"), parameters, labels }, points, new KernelCache())(1, 2, slot);
    expect([...slot]).toEqual([0, 3, 3, 0, 2, 1, 0, 0, 2, 1, 0, 0]);
  });

  test("have the same bits where blocks leave rows of many components instead of slots", async () => {
    const [count, features, components] = [8192, 2, 2000];
    const random = randomStream("labelled", "rows");
    const data = Float64Array.from({ length: count * features }, () => random.normal());
    const labels = Int32Array.from(
      { length: count },
      (_, i) => Math.floor((i * components) / count) % (components - 1),
    );
    const executor = inThreadExecutor(tilePoints({ data, features }), "simd");
    const layout = statisticsLayout(components, features, "full");
    const measure = { pivots: new Float64Array(components * features).fill(0.5), frames: noFrames(layout) };
    const parameters = withMeasure(new Float64Array(0), measureLayout(0, layout), measure);
    const program = executor.programs.get({ ...executor.tiles, ...layout }, 2 ** 30);
    const pass = { kind: "labelled", program, parameters, labels } as const;
    const rows = new Float64Array(rowsLength(executor.tiles, layout)).fill(7);
    expect(rows.length).toBeGreaterThan(0);
    const bySlots = await passStatistics(executor, pass, layout, measure);
    const byRows = await passStatistics(executor, { ...pass, rows }, layout, measure);
    expect(byRows).toEqual(bySlots);
    expect(byRows.sums[layout.responsibilitySums]).toBe(labels.filter((label) => label === 0).length);
  });
});
