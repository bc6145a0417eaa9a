import type { Mixture } from "../mixture/mixture.ts";
import type { Warning } from "../warnings.ts";

/** What an M-step gives. */
export interface Maximum {
  /** in stored units */
  readonly mixture: Mixture;
  readonly warnings: readonly Warning[];
  /** ⌈n/B⌉·B: the component of each point, if that is what it was made from and its first E-step should begin with */
  readonly labels?: Int32Array;
}
