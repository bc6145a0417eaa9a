import { rowMajorBatch } from "@emix/core";
import { describe, expect, test } from "vitest";
import { atOnce } from "../../../../packages/core/src/points/stretches.ts";
import { TileWriter } from "../../../../packages/core/src/points/tile-writer.ts";
import { allocateTiles } from "../../../../packages/core/src/points/tiles.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";

const SHAPE = { count: 130, features: 2, dtype: "f64", weighted: false } as const;
const values = Float64Array.from({ length: 260 }, (_, i) => Math.floor(i / 2) + (i % 2) / 16);

describe("a writer of tiles", () => {
  test("takes rows in any order, over shared memory", () => {
    const writer = new TileWriter(allocateTiles(SHAPE, (bytes) => new SharedArrayBuffer(bytes)));
    const batch = rowMajorBatch(values, 130, 2);
    for (let row = 129; row >= 0; row--) expect(writer.write(row, batch, row, 1)).toBe(true);
    expect([...atOnce(writer.seal()).data]).toEqual([...tilePoints({ data: values, features: 2 }).data]);
  });

  test.each([1, 7, 63, 64, 65, 100, 130])("takes them %i at a time, whatever tiles they cross", (step) => {
    const writer = new TileWriter(allocateTiles(SHAPE));
    const batch = rowMajorBatch(values, 130, 2);
    for (let row = 0; row < 130; row += step) writer.write(row, batch, row, Math.min(step, 130 - row));
    expect(atOnce(writer.seal())).toEqual(tilePoints({ data: values, features: 2 }));
  });

  test("takes columns that lie apart as it takes rows", () => {
    const writer = new TileWriter(allocateTiles(SHAPE));
    const columns = [0, 1].map((j) => ({ values: values.filter((_, i) => i % 2 === j), offset: 0, stride: 1 }));
    writer.write(0, { rowCount: 130, columns }, 0, 130);
    expect(atOnce(writer.seal())).toEqual(tilePoints({ data: values, features: 2 }));
  });

  test.each([1e39, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])(
    "refuses %s where it is not finite as it is stored",
    (bad) => {
      const writer = new TileWriter(allocateTiles({ ...SHAPE, dtype: "f32" }));
      const data = values.slice();
      data[257] = bad;
      const batch = rowMajorBatch(data, 130, 2);
      expect(writer.write(0, batch, 0, 128)).toBe(true);
      expect(writer.write(128, batch, 128, 2)).toBe(false);
    },
  );

  test("scales by the largest number of positive weight, wherever points of weight 0 lie", () => {
    const data = Float64Array.of(2, 1e200, 1e300, 1e200);
    const near = tilePoints({ data: data.slice(0, 2), features: 1 });
    const weighted = tilePoints({ data, features: 1 }, [1, 1, 0, 1]);
    expect(near.exponents).not.toBeNull();
    expect(weighted.exponents).toEqual(near.exponents);
    expect(tilePoints({ data, features: 1 }).exponents).not.toEqual(near.exponents);
  });
});
