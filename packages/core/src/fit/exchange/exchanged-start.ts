import { weightTotal } from "../../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { type AnyExecutor, type Executor, gather } from "../../passes/executor.ts";
import { gatheredBytes } from "../../points/gather.ts";
import { firstPoint, tileCount } from "../../points/tiles.ts";
import { randomStream } from "../../random.ts";
import type { Iteration } from "../../step/iteration.ts";
import type { Maximum } from "../../step/maximum.ts";
import { isNumerical } from "../../step/numerical-failure.ts";
import { noPrior } from "../../step/prior/prior.ts";
import type { Rules } from "../../step/rules.ts";
import { fromLabels } from "../initialization/start.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { regularizationFor } from "../regularization.ts";
import { isFloored } from "../restarts.ts";
import { withFarPoints } from "../sample/far-points.ts";
import { drawSample } from "../sample/sample.ts";
import type { Summary } from "../summary.ts";
import { startFor } from "./budget.ts";
import type { ExchangedStartSettings, StartKind } from "./plans.ts";
import type { RunStart } from "./start-job.ts";

/** What a start needs to know besides its settings. */
export interface AboutStart {
  readonly rules: Rules;
  readonly summary: Summary;
  readonly runStart: RunStart;
}

/**
 * Starts on a sample of the points that are repaired by exchange of components (derivation.md §7), side by side. It
 * costs no more than some steps of the fit (budget.ts).
 * in: from, a mixture in stored units from which every start begins, whatever its number of components
 * @throws TOO_FEW_DISTINCT_POINTS, or the numerical failure of the first start if all fail
 */
export async function exchangedStart(
  executor: AnyExecutor,
  options: Pick<ResolvedFitOptions, "components" | "covarianceType" | "seed" | "restarts">,
  { rules, summary, runStart }: AboutStart,
  settings: ExchangedStartSettings,
  from: Mixture | null = null,
): Promise<Maximum> {
  const { tiles } = executor;
  const { components, covarianceType, seed, restarts } = options;
  const { purpose } = settings;
  const isFree = rules.prior.facts.kind === "none" && from === null;
  const {
    kinds,
    exchange,
    sample: wanted,
    isThin,
  } = startFor(tiles.count, { ...tiles, ...options }, { ...settings, isFree });
  const drawn = drawSample(tiles, wanted, randomStream(seed, `${purpose}/sample`));
  const chosen = await withFarPoints(executor, drawn, summary);
  return executor.lend(gatheredBytes(chosen.points.length, tiles.features), async (memory) => {
    const sample = await gather(executor, chosen, memory);
    const gaussian = await gaussianOf(executor.over(sample), rules, summary);
    const weight = weightTotal(sample.count, sample.pointWeights) / sample.count;
    const { prior, ...plain } = rules;
    const shared = { sample, rules: plain, prior: prior.facts, gaussian, weight, from, seed, purpose };
    const isLone = kinds.length === 1 && restarts === 1;
    const make = (kind: StartKind, index: number) =>
      runStart({ ...shared, exchange, isThin, components, covarianceType, kind, index, isLone });
    const made = await Promise.allSettled(kinds.map(make));
    const failures = made.filter((one) => one.status === "rejected").map(({ reason }) => reason as unknown);
    const bug = failures.find((failure) => !isNumerical(failure));
    if (bug !== undefined) throw bug;
    const found = made.filter((one) => one.status === "fulfilled").map(({ value }) => value);
    if (found.length === 0) throw failures[0];
    return bestOf(found);
  });
}

/** The likeliest sound mixture. If a floor makes the likelihood of them all, likelihoods say nothing: the first. */
function bestOf(found: readonly Iteration[]): Maximum {
  const sound = found.filter((state) => !isFloored(state));
  const ranked = sound.length > 0 ? sound : found.slice(0, 1);
  const { mixture, warnings } = ranked.reduce((a, b) => (b.lowerBound > a.lowerBound ? b : a));
  return { mixture, warnings };
}

/** So small a share of the variance of the data counts as none where a metric is made. */
const LEAST_VARIANCE = 1e-10;

/** One Gaussian of all points of the sample. in: an executor over the sample */
async function gaussianOf(executor: Executor, rules: Rules, summary: Summary): Promise<Mixture> {
  const labels = new Int32Array(tileCount(executor.tiles) * executor.tiles.tileSize);
  const { mixture } = await fromLabels(
    executor,
    labels,
    { centres: firstPoint(executor.tiles), covarianceType: "full" },
    { ...rules, prior: noPrior, regularization: regularizationFor(LEAST_VARIANCE, rules.resolution.steps, summary) },
  );
  return mixture;
}
