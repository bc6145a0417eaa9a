import { expect, test } from "vitest";
import { copyOf, zeros } from "../../../../packages/core/src/linear-algebra/doubles.ts";

test("arrays are 0 and nobody else's, however many there are and however long they are", () => {
  const arrays = Array.from({ length: 500 }, (_, i) => zeros(i));
  arrays.forEach((array, i) => {
    expect(array).toEqual(new Float64Array(i));
    array.fill(i);
  });
  arrays.forEach((array, i) => {
    expect(array).toEqual(new Float64Array(i).fill(i));
  });
});

test("a copy has the numbers of its part", () => {
  const numbers = Float64Array.of(1, -0, Number.NaN, 4, 5);
  expect(copyOf(numbers)).toEqual(numbers);
  const part = copyOf(numbers, 1, 3);
  expect(part).toEqual(Float64Array.of(-0, Number.NaN));
  part.fill(7);
  expect(numbers[1]).toBe(-0);
});
