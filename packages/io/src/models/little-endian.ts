import { endianness } from "node:os";

/** The bytes of doubles, least significant first. */
export function bytesOfDoubles(values: Float64Array): Uint8Array {
  return orderBytes(Buffer.from(values.slice().buffer));
}

/** The bytes of 64-bit integers, least significant first. */
export function bytesOfIntegers(values: readonly number[]): Uint8Array {
  return orderBytes(Buffer.from(BigInt64Array.from(values, BigInt).buffer));
}

function orderBytes(bytes: Buffer): Uint8Array {
  return endianness() === "BE" ? bytes.swap64() : bytes;
}
