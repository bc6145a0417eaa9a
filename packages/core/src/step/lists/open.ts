import type { Shape } from "../../covariance/covariances.ts";
import { type AnyExecutor, isLocal } from "../../passes/executor.ts";
import { rowsLength } from "../../passes/rows-length.ts";
import { ListsElsewhere } from "./elsewhere.ts";
import { openListsHere } from "./here.ts";
import { planLists } from "./list-memory.ts";
import type { OpenLists } from "./lists.ts";

/**
 * Opens lists for a run of EM, or none where they are not worth their while. in: labels, of a component that each point is near
 * to, where that is known
 */
export async function openLists(executor: AnyExecutor, shape: Shape, labels?: Int32Array): Promise<OpenLists> {
  const { tiles } = executor;
  if (isLocal(executor)) return openListsHere(executor, shape, rowsLength(tiles, shape), labels);
  const none = { bytes: 0, close: () => undefined };
  return planLists(tiles.count, { ...shape, ...tiles }) === null ? none : { ...none, lists: new ListsElsewhere() };
}
