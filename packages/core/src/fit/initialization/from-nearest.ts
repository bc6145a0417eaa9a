import type { Executor } from "../../passes/executor.ts";
import { distancesWork } from "../../passes/work.ts";
import { tileCount } from "../../points/tiles.ts";
import type { Maximum } from "../../step/maximum.ts";
import type { Rules } from "../../step/rules.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { firstOfEach, fromLabels } from "./start.ts";

/** Centres, and how coordinates are measured for a distance from them: (x − m) · s of each feature. */
export interface MeasuredCentres {
  /** d each */
  readonly means: Float64Array;
  readonly scales: Float64Array;
  /** k × d, measured so */
  readonly centres: ArrayLike<number>;
}

/**
 * The nearest of the centres for every point, in one pass, and one M-step.
 * in: check, sees the labels before the M-step
 * @throws COLLAPSED_COMPONENT, and what `check` throws
 */
export async function fromNearest(
  executor: Executor,
  { means, scales, centres }: MeasuredCentres,
  { components, covarianceType }: Pick<ResolvedFitOptions, "components" | "covarianceType">,
  { rules, check }: { readonly rules: Rules; readonly check?: (labels: Int32Array) => void },
): Promise<Maximum> {
  const { tiles } = executor;
  const { count, features, tileSize } = tiles;
  const padded = tileCount(tiles) * tileSize;
  return executor.lend(padded * 4, async (memory) => {
    const labels = new Int32Array(memory, 0, padded);
    const program = executor.programs.balls(tiles, distancesWork(count, features, components));
    const parameters = new Float64Array((2 + components) * features);
    parameters.set(means);
    parameters.set(scales, features);
    parameters.set(centres, 2 * features);
    await executor.run({ kind: "nearest", program, parameters, labels }, () => undefined);
    check?.(labels);
    const start = { centres: firstOfEach(tiles, labels, components), covarianceType };
    return { ...(await fromLabels(executor, labels, start, rules)), labels: labels.slice() };
  });
}
