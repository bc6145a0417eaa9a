import { expect, test } from "vitest";
import { groupThousands } from "../../../packages/io/src/thousands.ts";

test.each([
  [0, 0, "0"],
  [999, 0, "999"],
  [1000, 0, "1,000"],
  [-1234567, 0, "-1,234,567"],
  [1234567.891, 2, "1,234,567.89"],
  [-0.125, 1, "-0.1"],
  [999.96, 1, "1,000.0"],
  [2 ** 53, 0, "9,007,199,254,740,992"],
])("%d with %d decimals", (value, decimals, text) => {
  expect(groupThousands(value, decimals)).toBe(text);
});

test("as the language of the United States has it", () => {
  for (let i = 0; i < 300; i++) {
    const value = Math.round(Math.exp(i / 9) * (i % 2 ? 1 : -1));
    expect(groupThousands(value)).toBe(value.toLocaleString("en-US"));
  }
});
