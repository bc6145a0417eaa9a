import { expect, test } from "vitest";
import { compileLazily } from "../../../../../../packages/core/src/kernels/simd/host/compiled.ts";
import { fusesMultiplyAdd } from "../../../../../../packages/core/src/kernels/simd/host/fusing.ts";
import { openModule } from "../../../../../../packages/core/src/kernels/simd/host/open-module.ts";
import {
  assemble,
  at,
  f64Lanes,
  routine,
  store,
} from "../../../../../../packages/core/src/kernels/simd/language/wasm.ts";

test("the module written by hand says what the language's own madd does", () => {
  const { load, madd } = f64Lanes(true);
  const probe = routine([], () => store(at(0), madd(load(at(0)), load(at(0)), load(at(16)))));
  const { calls, buffer } = openModule<"probe">(compileLazily(assemble({ probe }, new Uint8Array())), 32);
  const numbers = new Float64Array(buffer);
  numbers.set([1 + 2 ** -30, 1 + 2 ** -30, -1 - 2 ** -29, -1 - 2 ** -29]);
  calls.probe();
  expect([0, 2 ** -60]).toContain(numbers[0]);
  expect(fusesMultiplyAdd()).toBe(numbers[0] === 2 ** -60);
});
