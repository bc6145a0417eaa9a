import { describe, expect, test } from "vitest";
import { inDoubles } from "../../../../../../packages/core/src/kernels/simd/arithmetic/sums.ts";
import { ConstantPool } from "../../../../../../packages/core/src/kernels/simd/language/constants.ts";
import {
  f32Lanes,
  f64Lanes,
  routine,
  set,
  type Variable,
  vector,
} from "../../../../../../packages/core/src/kernels/simd/language/wasm.ts";

// What would be a mistake in a kernel stops its making.

describe("the language of kernels refuses", () => {
  test("a vector of 256 bits for a variable of 128", () => {
    const write = () => set(vector(f64Lanes(false).zero()), f64Lanes(false, 32).zero());
    expect(() => routine([], write)).toThrow("a wide value for a narrow variable");
  });

  test.each([
    [9, 0],
    [4, 5],
  ])("%d vectors from place %d of eight on", (count, place) => {
    const [lanes, wide] = [f32Lanes(false, 32), f64Lanes(false, 32)];
    const setting = { features: 1, tileSize: 64, bytes: 4, vectorBytes: 32, unrolled: true } as const;
    const convert = (vectors: Variable<"v128">[]) =>
      inDoubles({ ...setting, lanes, wide, pool: new ConstantPool() }, vectors, place);
    const write = () => void convert(Array.from({ length: count }, () => vector(lanes.zero())));
    expect(() => routine([], write)).toThrow("more vectors than places");
  });
});
