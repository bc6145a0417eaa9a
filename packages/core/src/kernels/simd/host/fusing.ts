import { assemble, at, f64Lanes, routine, store } from "../language/wasm.ts";
import { compileLazily } from "./compiled.ts";
import { openModule } from "./open-module.ts";
import { relaxedSimdSupported } from "./probe.ts";

/** Does this processor round a·b + c once? Those that do have 256-bit vectors of numbers and of integers (but Piledriver). */
export function fusesMultiplyAdd(): boolean {
  return relaxedSimdSupported() && fusesInRelaxedSimd();
}

function fusesInRelaxedSimd(): boolean {
  const { load, madd } = f64Lanes(true);
  const probe = routine([], () => store(at(0), madd(load(at(0)), load(at(0)), load(at(16)))));
  const { calls, buffer } = openModule<"probe">(compileLazily(assemble({ probe }, new Uint8Array())), 32);
  const numbers = new Float64Array(buffer);
  // (1 + 2⁻³⁰)² = 1 + 2⁻²⁹ + 2⁻⁶⁰, whose last term is lost if the product is rounded
  numbers.set([1 + 2 ** -30, 1 + 2 ** -30, -1 - 2 ** -29, -1 - 2 ** -29]);
  calls.probe();
  return numbers[0] === 2 ** -60;
}
