import type { AnyExecutor } from "../../passes/executor.ts";
import type { ExpectationPass } from "../../passes/pass.ts";
import type { ListContext } from "./context.ts";

/**
 * What EM knows from step to step about pairs of tiles and components (kernels/pair-lists.ts). Nothing of it changes a
 * bit.
 */
export interface Lists {
  /**
   * A pass with what is known, if anything. It has the rule of zero.
   * in: wider, for a second look in the same step: the components whose thresholds are wider
   */
  listed(
    executor: AnyExecutor,
    pass: ExpectationPass,
    context: ListContext,
    wider?: readonly number[],
  ): Promise<ExpectationPass>;
}

/** Lists, if any, until they are closed, which hands their memory back. */
export interface OpenLists {
  readonly lists?: Lists;
  /** of that memory */
  readonly bytes: number;
  readonly close: () => void;
}
