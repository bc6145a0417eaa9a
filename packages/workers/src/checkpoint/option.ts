import { resolve } from "node:path";
import { invalidOption, onlyKnown, requireInteger } from "@emix/core";
import type { CheckpointPlan } from "./checkpoint.ts";

/** Where a fit writes how far it has come. */
export interface CheckpointOption {
  /** a file, which is replaced as a whole each time */
  readonly path: string;
  /** After how many steps, of all starts together. Default 10. */
  readonly every?: number;
}

/** @throws INVALID_OPTION, UNKNOWN_OPTION */
export function planOf(checkpoint: CheckpointOption | undefined): CheckpointPlan | undefined {
  if (checkpoint === undefined) return undefined;
  const { path, every = 10 } = onlyKnown(checkpoint, ["path", "every"], "checkpoint");
  if (typeof path !== "string" || path === "") throw invalidOption("checkpoint.path", "the path of a file", path);
  requireInteger("checkpoint.every", every, 1);
  return { path: resolve(path), every };
}
