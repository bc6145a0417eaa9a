import {
  openPoints,
  type PointSource,
  rowMajorBatch,
  streamTiles,
  type Tiles,
  withPauses,
  withWeights,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { STRETCH } from "../../../../packages/core/src/points/stretches.ts";
import { tilesFrom } from "../../../../packages/core/src/points/tiling.ts";

// Between two pauses, no more than a stretch of numbers is gone over, whatever a source gives at a time.

const FEATURES = 3;
const ROWS = STRETCH;
const data = Float64Array.from({ length: ROWS * FEATURES }, (_, i) => Math.sin(i) * 1e200);

/** All rows in one batch. */
const whole = (values: Float64Array): PointSource => ({
  ...openPoints({ data: values, features: FEATURES }),
  *batches() {
    yield rowMajorBatch(values, ROWS, FEATURES);
  },
});

function counter() {
  let pauses = 0;
  const pause = async () => {
    pauses++;
  };
  return { pause, pauses: () => pauses };
}

describe("pauses", () => {
  test("come within a long batch, and while coordinates are divided by powers of two", async () => {
    const { pause, pauses } = counter();
    const tiles = await streamTiles(whole(data), {}, pause);
    expect(tiles.exponents).not.toBeNull();
    expect(pauses()).toBeGreaterThanOrEqual(2 * FEATURES);
    expect(tiles).toEqual(tilesFrom(openPoints({ data, features: FEATURES })));
  });

  test("come while complete rows are counted", async () => {
    const gaps = data.map((x, i) => (i % 1001 === 0 ? Number.NaN : x / 1e200));
    const { pause, pauses } = counter();
    const tiles = await streamTiles(whole(gaps), { missing: "drop" }, pause);
    expect(pauses()).toBeGreaterThanOrEqual(2 * FEATURES);
    expect(tiles).toEqual(tilesFrom(openPoints({ data: gaps, features: FEATURES }), { missing: "drop" }));
  });

  test("come while weights are given anew", async () => {
    const tiles: Tiles = tilesFrom(openPoints({ data: new Float64Array(4 * STRETCH).fill(1), features: 1 }));
    const { pause, pauses } = counter();
    const weights = new Float64Array(4 * STRETCH).fill(2);
    await withPauses(
      withWeights(tiles, weights, (bytes) => new ArrayBuffer(bytes)),
      pause,
    );
    expect(pauses()).toBeGreaterThanOrEqual(4);
  });
});
