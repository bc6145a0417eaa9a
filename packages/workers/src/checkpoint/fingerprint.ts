import { createHash } from "node:crypto";
import { coordinates, fusesMultiplyAdd, type KernelSettings, type Tiles, type TilesFacts, tileCount } from "@emix/core";
import { packsVectors } from "../kernels/compile.ts";
import { yieldToEvents } from "../pause.ts";

/** What decides the bits of a fit besides its options. */
export interface Fingerprint extends Required<KernelSettings> {
  readonly count: number;
  readonly features: number;
  readonly dtype: string;
  readonly weighted: boolean;
  /** SHA-256 of the points and their weights, as they are stored; of the files that workers hold, where there are some */
  readonly points: string;
  /** what the processor and V8 can do that reaches the bits */
  readonly processor: string;
}

/** Bytes that are hashed in one go: some milliseconds. */
const AT_ONCE = 2 ** 22;

export async function fingerprintOf(tiles: Tiles, settings: KernelSettings): Promise<Fingerprint> {
  const { data, pointWeights } = tiles;
  const hash = createHash("sha256");
  const add = async ({ buffer, byteOffset, byteLength }: ArrayBufferView) => {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    await yieldToEvents();
  };
  const total = tileCount(tiles);
  const atOnce = Math.max(1, Math.floor(AT_ONCE / (data.byteLength / total)));
  for (let tile = 0; tile < total; tile += atOnce) {
    await add(coordinates(tiles, tile, Math.min(tile + atOnce, total)));
  }
  const weights = pointWeights ?? new Float64Array(0);
  for (let at = 0; at < weights.length; at += AT_ONCE / 8) await add(weights.subarray(at, at + AT_ONCE / 8));
  return fingerprintWith(hash.digest("hex"), tiles, settings);
}

/** in: points, what stands for the points and their weights */
export function fingerprintWith(
  points: string,
  { count, features, dtype, pointWeights }: TilesFacts,
  { kernel, strict = false }: KernelSettings,
): Fingerprint {
  const processor = `${fusesMultiplyAdd() ? "fused" : "separate"}, ${packsVectors() ? "packed" : "plain"}`;
  return { count, features, dtype, weighted: pointWeights !== null, points, kernel, strict, processor };
}

/** The names of what differs. */
export function differences(a: Fingerprint, b: Fingerprint): string[] {
  return Object.keys(a).filter((name) => a[name as keyof Fingerprint] !== b[name as keyof Fingerprint]);
}
