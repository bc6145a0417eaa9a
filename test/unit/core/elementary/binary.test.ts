import { expect, test } from "vitest";
import { powerOfTwo, upperBits } from "../../../../packages/core/src/elementary/binary.ts";

test("powers of two are exact, and leave the range of doubles as products do", () => {
  for (let exponent = -1074; exponent <= 1023; exponent++) expect(powerOfTwo(exponent)).toBe(2 ** exponent);
  expect([powerOfTwo(-1075), powerOfTwo(1024)]).toEqual([0, Number.POSITIVE_INFINITY]);
});

test("the upper half of a double has its sign, its exponent and the first bits of its fraction", () => {
  expect([1, -2, 1.5].map(upperBits)).toEqual([0x3ff00000, 0xc0000000 | 0, 0x3ff80000]);
});
