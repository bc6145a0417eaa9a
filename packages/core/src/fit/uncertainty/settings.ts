import { invalidOption } from "../../errors.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { onlyKnown, requireInteger } from "../options/checks.ts";
import type { FitOptions } from "../options/options.ts";
import { resolveFitOptions } from "../options/resolve.ts";
import type { BootstrapPlan } from "./bootstrap.ts";

/** The options of a fit that say how resamples are fitted: as the mixture was. */
export const RESAMPLE_OPTIONS = [
  "tolerance",
  "acceleration",
  "stopRule",
  "maxIterations",
  "regularization",
  "granularity",
  "prior",
  "fixed",
  "seed",
] as const;

/** What a bootstrap can be asked for. The options of `fit` say how resamples are fitted: give those of the mixture. */
export interface BootstrapSettings extends Pick<FitOptions, (typeof RESAMPLE_OPTIONS)[number]> {
  /** How many times points are drawn anew, 2 or more. Default 200; intervals need more than standard errors. */
  readonly resamples?: number;
  /** The share of the resamples inside an interval, above 0 and below 1. Default 0.95. */
  readonly level?: number;
}

const SETTINGS: readonly string[] = ["resamples", "level", ...RESAMPLE_OPTIONS];

const RESAMPLES = 200;
const LEVEL = 0.95;

/** @throws INVALID_OPTION, UNKNOWN_OPTION */
export function resolveBootstrap(mixture: Mixture, settings: BootstrapSettings): BootstrapPlan {
  const given = onlyKnown(settings, SETTINGS);
  const { resamples = RESAMPLES, level = LEVEL, ...ofFit } = given;
  requireInteger("resamples", resamples, 2);
  if (!(typeof level === "number" && level > 0 && level < 1)) {
    throw invalidOption("level", "a number above 0 and below 1", level);
  }
  const start = { components: mixture.components, initialization: { parameters: mixture } };
  const options = resolveFitOptions({ ...ofFit, ...start, emptyComponent: "error" });
  return { mixture, options, resamples, level, seed: options.seed };
}
