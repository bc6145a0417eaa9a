import { EmixError } from "@emix/core";
import type { StorageOption } from "../engine/methods/options.ts";

/** Puts points in memory or in a file; in a file where memory does not suffice, if either is allowed. */
export async function inMemoryOrFile<T>(
  storage: NonNullable<StorageOption["storage"]>,
  put: (inMemory: boolean) => Promise<T>,
): Promise<T> {
  if (storage === "file") return put(false);
  try {
    return await put(true);
  } catch (error) {
    const isFull = error instanceof EmixError && error.code === "ALLOCATION_FAILED";
    if (storage === "memory" || !isFull) throw error;
    return put(false);
  }
}
