import { CONSTANT_BYTES } from "./constants.ts";
import { VECTOR_BYTES } from "./wasm.ts";

// The private memory of a kernel: first what has a fixed address in the module, then what depends on k.

/** Hands out addresses one after the other, each at the start of a cache line. */
export class Region {
  #end: number;

  constructor(start: number) {
    this.#end = start;
  }

  take(bytes: number): number {
    const start = this.#end;
    this.#end = Math.ceil((start + bytes) / CACHE_LINE) * CACHE_LINE;
    return start;
  }

  get end(): number {
    return this.#end;
  }
}

export const CACHE_LINE = 64;

/** Fixed addresses of a module. */
export interface Scratch {
  /** x − μ of a strip of points */
  readonly centred: number;
  /** rows of u = √r (x − μ) of a chunk of points, `rowBytes` apart */
  readonly u: number;
  readonly rowBytes: number;
  /** vectors of points in a chunk */
  readonly chunk: number;
  /** sums of one component over a group of tiles */
  readonly sums: number;
  readonly end: number;
}

/** in: features; vectors of points in a strip and in a chunk; sums, in vectors */
export function scratchMemory(features: number, strip: number, chunk: number, sums: number): Scratch {
  const region = new Region(CONSTANT_BYTES);
  const rowBytes = chunk * VECTOR_BYTES;
  const centred = region.take(features * strip * VECTOR_BYTES);
  const u = region.take(features * rowBytes);
  const sumsStart = region.take(sums * VECTOR_BYTES);
  return { centred, u, rowBytes, chunk, sums: sumsStart, end: region.end };
}
