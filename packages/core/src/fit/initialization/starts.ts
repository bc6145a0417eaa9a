import { featuresMismatch, invalidOption } from "../../errors.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { inStoredUnits } from "../../mixture/units.ts";
import { type AnyExecutor, type Executor, isLocal } from "../../passes/executor.ts";
import { randomStream } from "../../random.ts";
import type { Maximum } from "../../step/maximum.ts";
import { type AboutStart, exchangedStart } from "../exchange/exchanged-start.ts";
import { type ExchangedStartSettings, RESIZING, START_PLANS, type StartPlan } from "../exchange/plans.ts";
import { isGivenStart } from "../options/given-start.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { startFromGiven } from "./given.ts";
import { greedyCandidates, kMeansPlusPlus } from "./k-means-plus-plus.ts";
import { needStartOfMany, startOfMany } from "./many-components.ts";
import { fromLabels, fromRandomPoints, ofAllPoints } from "./start.ts";

/** Makes one start. */
export type MakeStart = () => Promise<Maximum>;

/** How to make each start of a fit, in order. @throws TOO_FEW_DISTINCT_POINTS, FEATURES_MISMATCH */
export async function makeStarts(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  about: AboutStart,
): Promise<MakeStart[]> {
  const { rules, summary } = about;
  const { restarts, initialization, seed, components, covarianceType } = options;
  if (typeof initialization !== "string" && isGivenStart(initialization)) {
    const here = requireHere(executor, options);
    return [() => startFromGiven(here, initialization, options, rules)];
  }
  if (typeof initialization !== "string") return [() => startFromMixture(executor, initialization, options, about)];
  const streams = Array.from({ length: restarts }, (_, index) => randomStream(seed, initialization, index));
  if (needStartOfMany(components) && initialization !== "random") {
    const here = requireHere(executor, options);
    return streams.map((random) => () => startOfMany(here, options, about, random));
  }
  const plan = components === 1 ? undefined : START_PLANS[initialization];
  if (plan !== undefined) return exchangedStarts(executor, options, about, plan);
  if (initialization === "random") {
    return streams.map((random) => async () => ({
      mixture: await fromRandomPoints(executor, options, summary.variances, random, rules),
      warnings: [],
    }));
  }
  if (components === 1 && !isLocal(executor)) {
    return streams.map((random) => () => ofAllPoints(executor, covarianceType, rules, random));
  }
  const here = requireHere(executor, options);
  const seeding = { components, candidates: greedyCandidates(components) };
  return kMeansPlusPlus(here, seeding, streams, async ({ centres, labels }) => {
    const start = fromLabels(here, labels, { centres, covarianceType }, rules);
    // If it fails, it fails when it is asked for, like any other start.
    await start.catch(() => undefined);
    return () => start;
  });
}

/** These starts look at every point. @throws INVALID_OPTION where the points lie on other machines */
function requireHere(executor: AnyExecutor, { initialization, components }: ResolvedFitOptions): Executor {
  if (isLocal(executor)) return executor;
  const expected = `a mixture, or "fast", "random", "default" or "thorough" with at most 256 components (got ${components}), where the points lie on other machines`;
  throw invalidOption("initialization", expected, initialization);
}

/** One start takes the best of all kinds; of several, each takes the next kind. */
function exchangedStarts(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  about: AboutStart,
  plan: StartPlan,
): MakeStart[] {
  const { restarts, initialization } = options;
  const start = (change: Partial<ExchangedStartSettings>) => () =>
    exchangedStart(executor, options, about, { ...plan, purpose: `${initialization}`, ...change });
  if (restarts === 1) return [start({})];
  return Array.from({ length: restarts }, (_, index) =>
    start({ kinds: [plan.kinds[index % plan.kinds.length]], purpose: `${initialization}/${index}` }),
  );
}

/** Continues from a mixture, or from one that is grown or shrunk from it on a sample. */
async function startFromMixture(
  executor: AnyExecutor,
  given: Mixture,
  options: ResolvedFitOptions,
  about: AboutStart,
): Promise<Maximum> {
  const mixture = ownMixture(executor, given, options);
  if (mixture.components === options.components) return { mixture, warnings: [] };
  return exchangedStart(executor, options, about, { ...RESIZING, purpose: "resized" }, mixture);
}

/**
 * A mixture to start from, in stored units. Only variational inference also uses its posterior. in: a mixture in the
 * units of the points
 */
function ownMixture({ tiles }: AnyExecutor, mixture: Mixture, { inference }: ResolvedFitOptions): Mixture {
  if (mixture.features !== tiles.features) throw featuresMismatch(mixture.features, tiles.features);
  const { posterior, ...point } = mixture;
  return inStoredUnits(inference === "variational" && posterior !== undefined ? mixture : point, tiles.exponents);
}
