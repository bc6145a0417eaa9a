import type { AnyExecutor } from "../../passes/executor.ts";
import type { ExpectationPass } from "../../passes/pass.ts";
import type { ListContext } from "./context.ts";
import type { Lists } from "./lists.ts";

/** Lists that those keep who have the points: a pass says what they need for it. */
export class ListsElsewhere implements Lists {
  async listed(
    _: AnyExecutor,
    pass: ExpectationPass,
    { inflations, unit, scales }: ListContext,
    wider: readonly number[] | null = null,
  ): Promise<ExpectationPass> {
    return { ...pass, listing: { run: this, inflations, unit, scales: scales(), wider } };
  }
}
