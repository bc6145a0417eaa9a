import type { Mixture } from "../../mixture/mixture.ts";
import type { Executor } from "../../passes/executor.ts";
import { type Tiles, tileCount } from "../../points/tiles.ts";
import { randomStream, type Seed } from "../../random.ts";
import { em } from "../../step/em.ts";
import { type Iteration, startFrom } from "../../step/iteration.ts";
import type { PriorFacts } from "../../step/prior/prior.ts";
import { priorOf } from "../../step/prior/prior-of.ts";
import type { Rules } from "../../step/rules.ts";
import { resampleWeights } from "./resample.ts";

/** A fit to points that are drawn anew from given ones, as plain data: one thread can do it alone. */
export interface RefitJob extends Pick<Mixture, "components" | "covarianceType"> {
  /** the points to draw from, in memory that all threads share */
  readonly sample: Tiles;
  readonly rules: Omit<Rules, "prior">;
  readonly prior: PriorFacts;
  /** where the fit begins, in stored units */
  readonly mixture: Mixture;
  readonly seed: Seed;
  /** the number of the resample, from 0 */
  readonly index: number;
}

/** Fits a resample. The points stay where they are; only their weights are drawn. @throws a numerical failure */
export async function refit(executor: Executor, job: RefitJob): Promise<Iteration> {
  const { sample, seed, index, mixture } = job;
  const padded = tileCount(sample) * sample.tileSize;
  return executor.lend(padded * 8, async (memory) => {
    const pointWeights = new Float64Array(memory, 0, padded);
    resampleWeights(sample, randomStream(seed, "resample", index), pointWeights);
    const rules = { ...job.rules, prior: priorOf(job.prior) };
    let state = startFrom(mixture);
    for await (const next of em(executor.over({ ...sample, pointWeights }), state, rules)) state = next;
    return { ...state, course: null };
  });
}
