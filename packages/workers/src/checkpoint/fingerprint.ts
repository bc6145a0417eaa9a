import { createHash } from "node:crypto";
import { fusesMultiplyAdd, type KernelSettings, type Tiles } from "@emix/core";
import { packsVectors } from "../kernels/compile.ts";
import { yieldToEvents } from "../pause.ts";

/** What decides the bits of a fit besides its options. */
export interface Fingerprint extends Required<KernelSettings> {
  readonly count: number;
  readonly features: number;
  readonly dtype: string;
  readonly weighted: boolean;
  /** SHA-256 of the points and their weights, as they are stored */
  readonly points: string;
  /** what the processor and V8 can do that reaches the bits */
  readonly processor: string;
}

/** Bytes that are hashed in one go: some milliseconds. */
const AT_ONCE = 2 ** 22;

export async function fingerprintOf(tiles: Tiles, { kernel, strict = false }: KernelSettings): Promise<Fingerprint> {
  const { count, features, dtype, data, pointWeights } = tiles;
  const hash = createHash("sha256");
  for (const array of pointWeights === null ? [data] : [data, pointWeights]) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let at = 0; at < bytes.length; at += AT_ONCE) {
      hash.update(bytes.subarray(at, at + AT_ONCE));
      await yieldToEvents();
    }
  }
  const points = hash.digest("hex");
  const processor = `${fusesMultiplyAdd() ? "fused" : "separate"}, ${packsVectors() ? "packed" : "plain"}`;
  return { count, features, dtype, weighted: pointWeights !== null, points, kernel, strict, processor };
}

/** The names of what differs. */
export function differences(a: Fingerprint, b: Fingerprint): string[] {
  return Object.keys(a).filter((name) => a[name as keyof Fingerprint] !== b[name as keyof Fingerprint]);
}
