import { areOrdered } from "@emix/core";
import { describe, expect, test } from "vitest";
import { inOrder, sampleSize, sortByLeaf } from "../../../../../packages/core/src/points/order/order.ts";
import { atOnce } from "../../../../../packages/core/src/points/stretches.ts";

describe("the order of points", () => {
  test("is for many points, if they are not wider than a sample can tell", () => {
    expect(areOrdered({ count: 4095, features: 2 })).toBe(false);
    expect(areOrdered({ count: 4096, features: 2048 })).toBe(true);
    expect(areOrdered({ count: 4096, features: 2049 })).toBe(false);
    expect(sampleSize({ count: 4096, features: 2 })).toBe(128);
    expect(sampleSize({ count: 2 ** 17, features: 16 })).toBe(2 ** 12);
    expect(sampleSize({ count: 2 ** 24, features: 5 })).toBe(2 ** 13);
    expect(sampleSize({ count: 2 ** 18 + 2 ** 17, features: 4 })).toBe(2 ** 13);
    expect(sampleSize({ count: 2 ** 19 + 2 ** 18, features: 4 })).toBe(3 * 2 ** 12);
    expect(sampleSize({ count: 2 ** 24, features: 4 })).toBe(2 ** 14);
    expect(sampleSize({ count: 1e6, features: 2048 })).toBe(256);
  });

  test("is that of leaves, and within a leaf as before", () => {
    const order = new Uint32Array(6);
    atOnce(sortByLeaf(Uint16Array.of(2, 0, 3, 2, 0, 0), 4, order));
    expect([...order]).toEqual([1, 4, 5, 0, 3, 2]);
  });

  test("is that of more points than a stretch has", () => {
    const count = 300_000;
    const order = new Uint32Array(count);
    atOnce(
      sortByLeaf(
        Uint16Array.from({ length: count }, (_, i) => i % 3),
        3,
        order,
      ),
    );
    expect(order.every((point, place) => point === 3 * (place % 100_000) + Math.floor(place / 100_000))).toBe(true);
    const values = Float64Array.from({ length: count + 4 }, (_, i) => 2 * i);
    atOnce(inOrder(values, order));
    expect(values.every((value, i) => value === 2 * (order[i] ?? i))).toBe(true);
  });
});
