import { resolutionOf } from "../components/resolution/resolution.ts";
import type { AnyExecutor } from "../passes/executor.ts";
import { plainRules, type Rules } from "../step/rules.ts";
import { granularSteps, sampleForSteps } from "./granularity.ts";
import type { RegularizationOption, ResolvedFitOptions } from "./options/options.ts";
import { priorFor } from "./prior.ts";
import { regularizationFor, ridgesOf } from "./regularization.ts";
import { type Summary, summarize } from "./summary.ts";

/**
 * Options and points → the rules of EM.
 * @throws INVALID_OPTION if granularity, regularization or prior do not fit the points; OVERFLOW, UNDERFLOW
 */
export async function rulesFor(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  summary: Summary,
  groups: Rules["groups"] = null,
): Promise<Rules> {
  const { dtype, features } = executor.tiles;
  const steps = granularSteps(options.granularity, await sampleForSteps(executor));
  const regularization = regularizationFor(options.regularization, steps, summary);
  const { acceleration, stopRule, tolerance, maxIterations, emptyComponent, fixed } = options;
  const resolution = { ...resolutionOf(dtype, features), steps };
  const limits = { acceleration, stopRule, tolerance, maxIterations, emptyComponent, regularization, resolution };
  const rules = { ...plainRules(features), ...limits, fixed, groups };
  const prior = await priorFor(executor, options, summary, rules);
  // With a prior, the ridge was already added before the prior (components/conjugate.ts); it must not be added twice.
  const ridges = prior === rules.prior ? regularization.ridges : new Float64Array(features);
  return { ...rules, prior, regularization: { ...regularization, ridges } };
}

/**
 * The rules of plain EM with a regularization. Only a relative floor needs a pass over the points. @throws OVERFLOW,
 * UNDERFLOW
 */
export async function plainRulesFor(executor: AnyExecutor, regularization: RegularizationOption): Promise<Rules> {
  const { features, exponents, dtype } = executor.tiles;
  const rules = { ...plainRules(features), resolution: resolutionOf(dtype, features) };
  if (regularization === 0) return rules;
  if (typeof regularization === "object") {
    return { ...rules, regularization: ridgesOf(regularization.absolute, features, exponents) };
  }
  const summary = await summarize(executor);
  return { ...rules, regularization: regularizationFor(regularization, rules.resolution.steps, summary) };
}
