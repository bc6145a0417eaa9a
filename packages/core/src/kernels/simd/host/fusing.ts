import { relaxedSimdSupported } from "./probe.ts";

/** Does this processor round a·b + c once? Those that do have 256-bit vectors of numbers and of integers (but Piledriver). */
export function fusesMultiplyAdd(): boolean {
  return relaxedSimdSupported() && fusesInRelaxedSimd();
}

/** (func (export "madd") (param f64 f64) (result f64): the first lane of f64x2.relaxed_madd(a, a, b), of splat a and b */
const PROBE = [
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 7, 1, 0x60, 2, 0x7c, 0x7c, 1, 0x7c],
  ...[3, 2, 1, 0],
  ...[7, 8, 1, 4, 0x6d, 0x61, 0x64, 0x64, 0, 0],
  ...[10, 22, 1, 20, 0],
  ...[0x20, 0, 0xfd, 0x14, 0x20, 0, 0xfd, 0x14, 0x20, 1, 0xfd, 0x14, 0xfd, 0x87, 0x02, 0xfd, 0x21, 0],
  0x0b,
];

function fusesInRelaxedSimd(): boolean {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(PROBE)));
  const { madd } = exports as Record<"madd", (a: number, b: number) => number>;
  // (1 + 2⁻³⁰)² = 1 + 2⁻²⁹ + 2⁻⁶⁰, whose last term is lost if the product is rounded
  return madd(1 + 2 ** -30, -1 - 2 ** -29) === 2 ** -60;
}
