import { at, f64Lanes, type Vector } from "./wasm.ts";

/**
 * Constants of a module, at the start of its memory. Loading one into all lanes is cheaper than `v128.const`, which
 * V8 builds anew through general registers each time (docs/kernels.md).
 */
export class ConstantPool {
  readonly #bits: bigint[] = [];

  /** in: value, an f64 */
  splat(value: number): Vector {
    return this.splatBits(new BigUint64Array(Float64Array.of(value).buffer)[0]);
  }

  /** in: value, an f32 */
  splat32(value: number): Vector {
    return this.splatBits(new BigUint64Array(Float32Array.of(value, value).buffer)[0]);
  }

  splatBits(bits: bigint): Vector {
    const known = this.#bits.indexOf(bits);
    const index = known >= 0 ? known : this.#bits.push(bits) - 1;
    return f64Lanes(false).splat(at(8 * index));
  }

  bytes(): Uint8Array {
    return new Uint8Array(BigUint64Array.from(this.#bits).buffer);
  }
}

/** Bytes kept for constants at the start of every kernel's memory, and for eight vectors on their way (sums.ts). */
const CONSTANT_BYTES = 1024;
export const STAGE: number = CONSTANT_BYTES;
export const FREE_BYTES: number = CONSTANT_BYTES + 8 * 32;
