import type { Mixture } from "../../mixture/mixture.ts";

/** A change of a mixture that may be worth trying. */
export interface Change {
  /** those that it replaces */
  readonly components: readonly number[];
  /** out: null if it cannot be made */
  readonly make: () => Promise<Mixture | null>;
}
