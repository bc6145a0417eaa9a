import type { Executor } from "../../passes/executor.ts";
import { randomStream } from "../../random.ts";
import type { Maximum } from "../../step/maximum.ts";
import type { Rules } from "../../step/rules.ts";
import type { ResolvedFitOptions } from "../options.ts";
import type { Summary } from "../summary.ts";
import { greedyCandidates, kMeansPlusPlus } from "./k-means-plus-plus.ts";
import { fromCentres, fromRandomPoints } from "./start.ts";

/** Makes one start. */
export type MakeStart = () => Promise<Maximum>;

/** How each start of a fit is made, in order. @throws TOO_FEW_DISTINCT_POINTS */
export async function makeStarts(
  executor: Executor,
  options: ResolvedFitOptions,
  { variances }: Summary,
  rules: Rules,
): Promise<MakeStart[]> {
  const { restarts, initialization, seed, components, covarianceType } = options;
  const streams = Array.from({ length: restarts }, (_, index) => randomStream(seed, initialization, index));
  if (initialization === "random") {
    return streams.map((random) => async () => ({
      mixture: fromRandomPoints(executor, options, variances, random, rules),
      warnings: [],
    }));
  }
  const centres = await kMeansPlusPlus(executor, components, greedyCandidates(components), streams);
  return centres.map((own) => () => fromCentres(executor, own, covarianceType, rules));
}
