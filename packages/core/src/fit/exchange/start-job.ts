import type { Mixture } from "../../mixture/mixture.ts";
import type { Executor } from "../../passes/executor.ts";
import { gatheredBytes, gatherTiles } from "../../points/gather.ts";
import type { Tiles } from "../../points/tiles.ts";
import { type Random, randomStream, type Seed } from "../../random.ts";
import type { Iteration } from "../../step/iteration.ts";
import type { PriorFacts } from "../../step/prior/prior.ts";
import { priorOf } from "../../step/prior/prior-of.ts";
import type { Rules } from "../../step/rules.ts";
import { greedyCandidates, kMeansPlusPlus } from "../initialization/k-means-plus-plus.ts";
import { firstOfEach, fromLabels } from "../initialization/start.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { type ExchangeSettings, exchangeComponents } from "./exchange.ts";
import { inMetric, type Metric, scalesOf } from "./metric.ts";
import type { StartKind } from "./plans.ts";
import { resize } from "./resize.ts";
import { settle } from "./settle.ts";
import type { SplitContext } from "./split.ts";
import { widen } from "./widen.ts";

/** One start on a sample, as plain data: one thread can make it while others do something else. */
export interface StartJob extends Pick<ResolvedFitOptions, "components" | "covarianceType"> {
  /** in memory that all threads share */
  readonly sample: Tiles;
  readonly rules: Omit<Rules, "prior">;
  readonly prior: PriorFacts;
  /** one Gaussian, "full", of all points of the sample */
  readonly gaussian: Mixture;
  /** mean weight of a point */
  readonly weight: number;
  /** how centres are drawn */
  readonly kind: StartKind;
  /** another beginning, in stored units: a mixture that may have another number of components; null: none */
  readonly from: Mixture | null;
  readonly exchange: ExchangeSettings & { readonly steps: number };
  /** whether the sample is a part of the points that is too small for the covariances that are exchanged */
  readonly isThin: boolean;
  /** of the random numbers */
  readonly seed: Seed;
  readonly purpose: string;
  readonly index: number;
  /** whether the fit has no other start that could be made at the same time */
  readonly isLone: boolean;
}

/** Makes a start, wherever. @throws a numerical failure */
export type RunStart = (job: StartJob) => Promise<Iteration>;

/** EM steps before the first exchange. */
const FIRST_STEPS = 5;

/** Makes a start. in: an executor over the sample */
export async function makeStart(executor: Executor, job: StartJob): Promise<Iteration> {
  const { components, from, gaussian, weight } = job;
  const rules = { ...job.rules, prior: priorOf(job.prior) };
  const random = randomStream(job.seed, job.purpose, job.index);
  const context = { executor, rules, scales: scalesOf(gaussian), weight };
  const { split } = job.exchange;
  const grown = from === null ? null : await resize(context, from, { components, split, isThin: job.isThin }, random);
  const start = grown ?? (await seedStart(context, job, random));
  const found = grown !== null && job.isThin ? grown : await exchangeComponents(context, start, job.exchange, random);
  return found.mixture.covarianceType === job.covarianceType ? found : { ...found, mixture: widen(found.mixture) };
}

/** k-means++ in a metric, the M-step of its labels, and some steps of EM. */
async function seedStart(
  { executor, rules }: SplitContext & { readonly executor: Executor },
  job: StartJob,
  random: Random,
): Promise<Iteration> {
  const { sample, components, kind } = job;
  const { exchangedAs: covarianceType = job.covarianceType } = kind;
  const memory = new ArrayBuffer(gatheredBytes(sample.count, sample.features));
  const scaled = executor.over(inUnitsOf(sample, kind.metric, job.gaussian, memory));
  const seeding = { components, candidates: greedyCandidates(components), power: kind.power };
  const [{ mixture }] = await kMeansPlusPlus(scaled, seeding, [random], ({ labels }) => {
    const near = firstOfEach(executor.tiles, labels, components);
    return fromLabels(executor, labels, { centres: near, covarianceType }, rules);
  });
  return settle(executor, mixture, rules, FIRST_STEPS);
}

function inUnitsOf(sample: Tiles, metric: Metric, gaussian: Mixture, memory: ArrayBufferLike): Tiles {
  const points = Float64Array.from({ length: sample.count }, (_, i) => i);
  const weights = sample.pointWeights?.subarray(0, sample.count) ?? null;
  return gatherTiles(sample, { points, weights }, memory, inMetric(metric, gaussian));
}
