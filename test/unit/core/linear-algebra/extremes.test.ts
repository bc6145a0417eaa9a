import { expect, test } from "vitest";
import { greatest, least } from "../../../../packages/core/src/linear-algebra/extremes.ts";

test("of many numbers, of none, and of NaN", () => {
  const many = new Float64Array(1e6).map((_, i) => (i * 7919) % 1e6);
  expect([greatest(many), least(many)]).toEqual([999_999, 0]);
  expect([greatest([]), least([])]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect([greatest([1, Number.NaN, 2]), least([1, Number.NaN, 2])]).toEqual([Number.NaN, Number.NaN]);
});
