import type { Mixture } from "../mixture/mixture.ts";
import type { Warning } from "../warnings.ts";

/** What an M-step gives. */
export interface Maximum {
  /** in stored units */
  readonly mixture: Mixture;
  readonly warnings: readonly Warning[];
}
