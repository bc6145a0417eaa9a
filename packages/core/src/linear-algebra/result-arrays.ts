import { resultsTooLarge } from "../errors.ts";

// Arrays as long as a caller asks for.

/** @throws ALLOCATION_FAILED */
export function resultDoubles(length: number): Float64Array {
  return tryToAllocate(8 * length, () => new Float64Array(length));
}

/** @throws ALLOCATION_FAILED */
export function resultIntegers(length: number): Int32Array {
  return tryToAllocate(4 * length, () => new Int32Array(length));
}

function tryToAllocate<T>(bytes: number, allocate: () => T): T {
  try {
    return allocate();
  } catch (error) {
    throw resultsTooLarge(bytes, error instanceof Error ? error.message : String(error));
  }
}
