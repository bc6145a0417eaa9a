import { expect, test } from "vitest";
import { numberIn, numbersIn } from "../../../../../packages/core/src/fit/options/table.ts";

test.each<[string, unknown]>([
  ["1e-6", 1e-6],
  ["-0.5", -0.5],
  ["", ""],
  [" ", " "],
  ["Infinity", "Infinity"],
  ["two", "two"],
])("%j is a number where it reads as a finite one", (text, value) => {
  expect(numberIn(text)).toBe(value);
  expect(numbersIn(text)).toBe(value);
});

test("several numbers lie between commas", () => {
  expect(numbersIn("1,0.5, 2")).toEqual([1, 0.5, 2]);
  expect(numbersIn("1,x")).toEqual([1, "x"]);
});
