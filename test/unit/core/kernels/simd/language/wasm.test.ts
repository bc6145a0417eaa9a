import { describe, expect, test } from "vitest";
import { inDoubles } from "../../../../../../packages/core/src/kernels/simd/arithmetic/sums.ts";
import { ConstantPool } from "../../../../../../packages/core/src/kernels/simd/language/constants.ts";
import {
  f32Lanes,
  f64Lanes,
  routine,
  set,
  vector,
} from "../../../../../../packages/core/src/kernels/simd/language/wasm.ts";

// What would be a mistake in a kernel stops its making.

describe("the language of kernels refuses", () => {
  test("a vector of 256 bits for a variable of 128", () => {
    const write = () => set(vector(f64Lanes(false).zero()), f64Lanes(false, 32).zero());
    expect(() => routine([], write)).toThrow("a wide value for a narrow variable");
  });

  test("nine vectors on their way, for eight places", () => {
    const [lanes, wide] = [f32Lanes(false, 32), f64Lanes(false, 32)];
    const measures = { features: 1, tileSize: 64, bytes: 4, vectorBytes: 32, unrolled: true } as const;
    const setting = { ...measures, lanes, wide, whole: { lanes, wide }, pool: new ConstantPool() };
    const write = (count: number) => () =>
      void inDoubles(
        setting,
        Array.from({ length: count }, () => vector(lanes.zero())),
      );
    expect(() => routine([], write(8))).not.toThrow();
    expect(() => routine([], write(9))).toThrow("more vectors than places");
  });
});
