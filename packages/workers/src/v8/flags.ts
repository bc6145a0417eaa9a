import { setFlagsFromString } from "node:v8";

const MOST_TRIES = 100;

/**
 * Uses what flags of V8 open. They hold for the whole process: they are set and restored in one synchronous stretch, and
 * another thread that does the same can take them away in between.
 * in: flags, without their dashes, that are off by default; use, which says undefined if a flag was taken away, and is then
 * called again. out: undefined if that happened every time
 */
export function withFlags<T>(flags: readonly string[], use: () => T | undefined): T | undefined {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    for (const flag of flags) setFlagsFromString(`--${flag}`);
    try {
      const found = use();
      if (found !== undefined) return found;
    } finally {
      for (const flag of flags) setFlagsFromString(`--no-${flag}`);
    }
  }
  return undefined;
}
