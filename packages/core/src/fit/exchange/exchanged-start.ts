import { weightTotal } from "../../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { Executor } from "../../passes/executor.ts";
import { gatheredBytes, gatherTiles } from "../../points/gather.ts";
import { firstPoint, type Tiles, tileCount } from "../../points/tiles.ts";
import { type Random, randomStream } from "../../random.ts";
import type { Iteration } from "../../step/iteration.ts";
import type { Maximum } from "../../step/maximum.ts";
import { isNumerical } from "../../step/numerical-failure.ts";
import { noPrior } from "../../step/prior/prior.ts";
import type { Rules } from "../../step/rules.ts";
import { greedyCandidates, kMeansPlusPlus } from "../initialization/k-means-plus-plus.ts";
import { firstOfEach, fromLabels } from "../initialization/start.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { regularizationFor } from "../regularization.ts";
import { isFloored } from "../restarts.ts";
import type { Summary } from "../summary.ts";
import { startSize } from "./budget.ts";
import { exchanged } from "./exchange.ts";
import { inMetric, type Metric, scalesOf } from "./metric.ts";
import type { ExchangedStartSettings, StartKind } from "./plans.ts";
import { drawSample } from "./sample.ts";
import { settled } from "./settle.ts";
import type { SplitGround } from "./split.ts";

/** EM steps before the first exchange. */
const FIRST_STEPS = 5;

/**
 * Starts on a sample of the points that are repaired by exchange of components (derivation.md §7). It costs no more than
 * some steps of the fit (budget.ts).
 * @throws TOO_FEW_DISTINCT_POINTS, or the numerical failure of the first start if all fail
 */
export async function exchangedStart(
  executor: Executor,
  options: Pick<ResolvedFitOptions, "components" | "covarianceType" | "seed">,
  { rules, summary }: { readonly rules: Rules; readonly summary: Summary },
  settings: ExchangedStartSettings,
): Promise<Maximum> {
  const { tiles } = executor;
  const { purpose } = settings;
  const size = startSize(tiles.count, { ...tiles, ...options }, settings);
  const chosen = drawSample(tiles, size.sample, randomStream(options.seed, `${purpose}/sample`));
  const bytes = gatheredBytes(chosen.points.length, tiles.features);
  const exchange = { ...settings.exchange, steps: size.steps };
  return executor.lend(bytes, (memory) =>
    executor.lend(bytes, async (metricMemory) => {
      const sample = gatherTiles(tiles, chosen, memory);
      const ground = await groundOf(executor.over(sample), rules, summary);
      const found: Iteration[] = [];
      let failure: unknown;
      for (const [index, kind] of settings.kinds.slice(0, size.kinds).entries()) {
        try {
          const random = randomStream(options.seed, purpose, index);
          const base = await baseStart(ground, options, { kind, memory: metricMemory }, random);
          found.push(await exchanged(ground, base, exchange, random));
        } catch (error) {
          if (!isNumerical(error)) throw error;
          failure ??= error;
        }
      }
      if (found.length === 0) throw failure;
      return bestOf(found);
    }),
  );
}

/** The likeliest sound mixture. If a floor makes the likelihood of them all, likelihoods say nothing: the first. */
function bestOf(found: readonly Iteration[]): Maximum {
  const sound = found.filter((state) => !isFloored(state));
  const ranked = sound.length > 0 ? sound : found.slice(0, 1);
  const { mixture, warnings } = ranked.reduce((a, b) => (b.lowerBound > a.lowerBound ? b : a));
  return { mixture, warnings };
}

interface Ground extends SplitGround {
  /** one Gaussian of all points of the sample */
  readonly gaussian: Mixture;
}

/** So small a share of the variance of the data counts as none where a metric is made. */
const LEAST_VARIANCE = 1e-10;

async function groundOf(executor: Executor, rules: Rules, summary: Summary): Promise<Ground> {
  const { count, pointWeights } = executor.tiles;
  const labels = new Int32Array(tileCount(executor.tiles) * executor.tiles.tileSize);
  const origin = firstPoint(executor.tiles);
  const { mixture: gaussian } = await fromLabels(
    executor,
    labels,
    { centres: origin, covarianceType: "full" },
    { ...rules, prior: noPrior, regularization: regularizationFor(LEAST_VARIANCE, rules.resolution.steps, summary) },
  );
  const weight = weightTotal(count, pointWeights) / count;
  return { executor, rules, gaussian, scales: scalesOf(gaussian), weight };
}

/** k-means++ in a metric, the M-step of its labels, and some steps of EM. */
async function baseStart(
  { executor, rules, gaussian }: Ground,
  { components, covarianceType }: Pick<ResolvedFitOptions, "components" | "covarianceType">,
  { kind, memory }: { readonly kind: StartKind; readonly memory: ArrayBufferLike },
  random: Random,
): Promise<Iteration> {
  const scaled = executor.over(inUnitsOf(executor.tiles, kind.metric, gaussian, memory));
  const seeding = { components, candidates: greedyCandidates(components), power: kind.power };
  const [{ mixture }] = await kMeansPlusPlus(scaled, seeding, [random], async ({ labels }) => {
    const near = firstOfEach(executor.tiles, labels, components);
    return fromLabels(executor, labels, { centres: near, covarianceType }, rules);
  });
  return settled(executor, mixture, rules, FIRST_STEPS);
}

function inUnitsOf(sample: Tiles, metric: Metric, gaussian: Mixture, memory: ArrayBufferLike): Tiles {
  const points = Float64Array.from({ length: sample.count }, (_, i) => i);
  const weights = sample.pointWeights?.subarray(0, sample.count) ?? null;
  return gatherTiles(sample, { points, weights }, memory, inMetric(metric, gaussian));
}
