// What the WebAssembly engine of this host can do.

/** (func (param v128) (result v128) local.get 0 ×2 f64x2.mul) */
const SIMD_PROBE = [0x20, 0, 0x20, 0, 0xfd, 0xf2, 0x01];
/** The same with local.get 0 ×3 f64x2.relaxed_madd. */
const RELAXED_PROBE = [0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x87, 0x02];

export function simdSupported(): boolean {
  return valid(SIMD_PROBE);
}

export function relaxedSimdSupported(): boolean {
  return valid(RELAXED_PROBE);
}

/** Does the engine accept a function v128 → v128 with this body? */
function valid(instructions: readonly number[]): boolean {
  const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = [1, 6, 1, 0x60, 1, 0x7b, 1, 0x7b];
  const functions = [3, 2, 1, 0];
  const body = [0, ...instructions, 0x0b];
  const code = [10, body.length + 2, 1, body.length, ...body];
  return WebAssembly.validate(new Uint8Array([...header, ...types, ...functions, ...code]));
}
