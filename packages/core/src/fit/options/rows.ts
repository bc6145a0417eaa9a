import { COVARIANCE_TYPES } from "../../covariance/types.ts";
import { invalidOption } from "../../errors.ts";
import type { Arithmetic } from "../../kernels/kernel.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { ACCELERATIONS, EMPTY_COMPONENT_POLICIES, SCHEDULES, STOP_RULES } from "../../step/policies.ts";
import {
  requireBoolean,
  requireGranularity,
  requireNotNegative,
  requireNumber,
  requireRegularization,
  requireSeed,
} from "./checks.ts";
import { fixedIn } from "./fixed.ts";
import { isGivenStart, requireGivenStart } from "./given-start.ts";
import { requireEntries } from "./known.ts";
import type { FitOptions, Inference, InitializationName, RestartStrategy } from "./options.ts";
import { acceptAll, integerFrom, numberIn, numbersIn, type OptionTable, oneOf } from "./table.ts";

/** Each start that takes part in a race keeps its mixture. */
const MOST_RESTARTS = 10_000;

const INFERENCES: readonly Inference[] = ["em", "variational"];
const INITIALIZATIONS: readonly InitializationName[] = ["default", "fast", "thorough", "k-means++", "random"];
const RESTART_STRATEGIES: readonly RestartStrategy[] = ["race", "all"];
const ARITHMETICS: readonly Arithmetic[] = ["f64", "f32"];

/** Every option of a fit: what it means, its default, what is accepted, and how the command line asks for it. */
export const FIT_OPTIONS: OptionTable<FitOptions> = {
  components: {
    check: integerFrom(1),
    meaning: "number of components",
    flags: [{ name: "-k, --components", argument: "<count>", parse: numberIn }],
  },
  covarianceType: {
    default: "full",
    ...oneOf(COVARIANCE_TYPES),
    meaning: "shape of the covariances",
    flags: [{ name: "--covariance-type", argument: "<type>" }],
  },
  tolerance: {
    default: 1e-6,
    variational: 1e-3,
    check: requireNotNegative,
    meaning:
      "stop when the mean log-likelihood (variational: the lower bound) has less than this to gain; 0 never stops early",
    flags: [{ name: "--tolerance", argument: "<gain>", parse: numberIn }],
  },
  acceleration: {
    default: "lbfgs",
    variational: "none",
    ...oneOf(ACCELERATIONS),
    meaning: "how EM is accelerated where its steps gain little: by L-BFGS, or not at all",
    flags: [{ name: "--acceleration", argument: "<method>" }],
  },
  schedule: {
    default: "progressive",
    variational: "full",
    ...oneOf(SCHEDULES),
    meaning: "which points EM sees: growing parts of them first, where there are many, or all from the start",
    flags: [{ name: "--schedule", argument: "<schedule>" }],
  },
  stopRule: {
    default: "remaining",
    variational: "change",
    ...oneOf(STOP_RULES),
    meaning: "what the tolerance limits: the gain that remains, or the change in one iteration, as in scikit-learn",
    flags: [{ name: "--stop-rule", argument: "<rule>" }],
  },
  maxIterations: {
    default: 500,
    check: integerFrom(1),
    meaning: "stop after this many iterations",
    flags: [{ name: "--max-iterations", argument: "<count>", parse: numberIn }],
  },
  restarts: {
    default: 1,
    check: integerFrom(1, MOST_RESTARTS),
    meaning: "number of independent starts; the best one is kept",
    flags: [{ name: "--restarts", argument: "<count>", parse: numberIn }],
  },
  restartStrategy: {
    default: "race",
    ...oneOf(RESTART_STRATEGIES),
    meaning: "race drops starts that can no longer overtake the best, all runs every start to the end",
    flags: [{ name: "--restart-strategy", argument: "<strategy>" }],
  },
  goal: {
    default: Number.NEGATIVE_INFINITY,
    shownDefault: "none",
    check: requireNumber,
    meaning: "mean log-likelihood worth reaching: a start that cannot get there is dropped",
    flags: [{ name: "--goal", argument: "<bound>", parse: numberIn }],
  },
  regularization: {
    default: 1e-12,
    check: (_, value) => requireRegularization(value),
    meaning: "smallest variance allowed, as a fraction of the data's own",
    flags: [
      { name: "--regularization", argument: "<ratio>", parse: numberIn },
      {
        name: "--ridge",
        argument: "<variance>",
        parse: numberIn,
        field: "absolute",
        meaning: "variance added to every diagonal entry, instead of a smallest one",
        shownDefault: "",
      },
    ],
  },
  granularity: {
    default: 0,
    check: (_, value) => requireGranularity(value),
    meaning: 'step to which the features were rounded: one number, one for each feature, or "auto" to detect it',
    flags: [
      {
        name: "--granularity",
        argument: "<steps>",
        parse: numbersIn,
        meaning: "step to which the features were rounded: one number, one for each (comma-separated), or auto",
      },
    ],
  },
  emptyComponent: {
    default: "reseed",
    variational: "keep",
    shownDefault: "reseed",
    ...oneOf(EMPTY_COMPONENT_POLICIES),
    meaning: "what happens to a component that loses all its points",
    flags: [{ name: "--empty-component", argument: "<policy>" }],
  },
  inference: {
    default: "em",
    ...oneOf(INFERENCES),
    meaning: "em finds the most probable parameters, variational keeps as many components as the points need",
    flags: [{ name: "--inference", argument: "<method>" }],
  },
  prior: {
    variational: {},
    shownDefault: "none; variational {}",
    check: acceptAll,
    meaning: "what is believed about the mixture before any point is seen",
  },
  initialization: {
    default: "default",
    variational: "k-means++",
    shownDefault: "default; variational k-means++",
    choices: INITIALIZATIONS,
    check: requireInitialization,
    meaning: "how starts are drawn, a mixture to start from, or what is known of the points",
    flags: [{ name: "--init", argument: "<method>", meaning: "how starts are drawn" }],
  },
  fixed: {
    shownDefault: "nothing",
    check: acceptAll,
    meaning: "parts of the starting mixture that stay as they are",
    flags: [
      {
        name: "--fix",
        argument: "<parts>",
        parse: fixedIn,
        meaning: "parts of the starting model that stay as they are: means:0,3;weights",
      },
    ],
  },
  knownComponents: {
    shownDefault: "nothing",
    check: requireEntries,
    meaning: "what is known of the component of each point",
  },
  refine: {
    default: false,
    check: requireBoolean,
    meaning: "exchange components on all points after the fit, to find groups too small to show in a sample",
    flags: [{ name: "--refine", argument: "" }],
  },
  seed: {
    default: 0,
    check: (_, value) => requireSeed(value),
    meaning: "seed of the random numbers; the same seed gives the same result",
    flags: [{ name: "--seed", argument: "<seed>", parse: numberIn }],
  },
  compute: {
    default: "f64",
    ...oneOf(ARITHMETICS),
    meaning: "arithmetic over the points; f32 needs points stored as f32",
    flags: [
      {
        name: "--compute",
        argument: "<type>",
        meaning: "arithmetic over the points; f32 needs the flag --f32 as well",
      },
    ],
  },
};

function requireInitialization(name: string, value: unknown): void {
  if (INITIALIZATIONS.some((known) => known === value)) return;
  if (typeof value === "object" && value !== null && isMixture((value as { parameters?: unknown }).parameters)) return;
  if (typeof value === "object" && value !== null && isGivenStart(value)) {
    requireGivenStart(value);
    return;
  }
  const names = INITIALIZATIONS.map((known) => `"${known}"`);
  // Whoever gives a name, as at the command, is told the names.
  if (typeof value === "string")
    throw invalidOption(name, `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`, value);
  const others = "a GaussianMixture, { labels }, { responsibilities } or { means }";
  throw invalidOption(name, `${names.join(", ")}, ${others}`, value);
}

function isMixture(value: unknown): value is Mixture {
  if (typeof value !== "object" || value === null) return false;
  const { weights, means, meansResidual, packedCovariances, factors, covarianceType } = value as Partial<Mixture>;
  const arrays = [weights, means, meansResidual, packedCovariances, factors];
  return (
    arrays.every((array) => array instanceof Float64Array) && COVARIANCE_TYPES.some((one) => one === covarianceType)
  );
}
