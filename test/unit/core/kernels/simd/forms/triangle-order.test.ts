import { describe, expect, test } from "vitest";
import {
  type Entry,
  factorOrder,
  scatterOrder,
} from "../../../../../../packages/core/src/kernels/simd/arithmetic/triangle-blocks.ts";
import {
  factorPacker,
  scatterUnpacker,
} from "../../../../../../packages/core/src/kernels/simd/forms/triangle-order.ts";
import { triangleLength, triangleRow } from "../../../../../../packages/core/src/linear-algebra/triangle.ts";

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 37, 38, 39, 64, 101];

describe("the order of triangles", () => {
  const placesOf = (order: readonly Entry[]) => order.map(([row, column]) => triangleRow(row) + column);
  const counted = (size: number) => Float64Array.from({ length: triangleLength(size) + 3 }, (_, i) => i - 3);

  test.each(SIZES)("of %d features: a factor is packed as the code walks it", (size) => {
    const out = new Float64Array(triangleLength(size));
    factorPacker(size)(counted(size), 3, out);
    expect([...out]).toEqual(placesOf(factorOrder(size)));
  });

  test.each(SIZES)("of %d features: sums are unpacked from where the code keeps them", (size) => {
    const out = new Float64Array(triangleLength(size) + 1);
    scatterUnpacker(size)(counted(size), 3, out, 1);
    expect(placesOf(scatterOrder(size)).map((place) => out[place + 1])).toEqual([...out.keys()].slice(0, -1));
  });
});
