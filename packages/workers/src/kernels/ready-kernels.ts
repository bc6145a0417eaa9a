import { zstdDecompressSync } from "node:zlib";

// A cold process takes 70 ms to write the first two modules of kernels. `pnpm build` therefore writes those of common
// shapes ahead; they have the bytes that would be written. The sources have none ready.

/** Kernels for this many numbers of features are unpacked together. */
export const FEATURES_TOGETHER = 8;

/**
 * For each such group, as base64 of zstd: a list of ReadyKernel, a line break, and their bytes one after the other; with spaces
 * between. `pnpm build` fills it.
 */
const READY: string = "";

export interface ReadyKernel {
  /** the key of its program */
  readonly key: string;
  /** how many bytes the module has */
  readonly length: number;
}

export type ReadyKernels = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

let groups: (string | ReadyKernels)[] | undefined;

/** The bytes of a module, by the key of its program; undefined: they are not ready. */
export function readyKernel(key: string): Uint8Array<ArrayBuffer> | undefined {
  groups ??= READY.split(" ");
  const [, , , features] = key.split("/");
  const place = Math.floor((Number(features) - 1) / FEATURES_TOGETHER);
  const group = groups[place];
  if (group === undefined) return undefined;
  const modules = typeof group === "string" ? unpackKernels(group) : group;
  groups[place] = modules;
  return modules.get(key);
}

const LINE_BREAK = 10;

/** in: a group of READY; out: the modules by their keys */
export function unpackKernels(ready: string): ReadyKernels {
  if (ready === "") return new Map();
  const all = Uint8Array.from(zstdDecompressSync(Buffer.from(ready, "base64")));
  let end = all.indexOf(LINE_BREAK) + 1;
  const list = JSON.parse(new TextDecoder().decode(all.subarray(0, end))) as readonly ReadyKernel[];
  const next = (length: number) => {
    const start = end;
    end += length;
    return all.subarray(start, end);
  };
  return new Map(list.map(({ key, length }) => [key, next(length)]));
}
