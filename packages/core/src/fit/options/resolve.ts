import { invalidOption } from "../../errors.ts";
import type { Numbers } from "../../mixture/parameters.ts";
import { resolveFixed } from "./fixed.ts";
import { componentsOf, type GivenStart, isGivenStart, requireComponents, requireOneRestart } from "./given-start.ts";
import { resolveKnown } from "./known.ts";
import type {
  FitOptions,
  InitializationName,
  InitializationOption,
  PriorOptions,
  ResolvedFitOptions,
  ResolvedPriorOptions,
} from "./options.ts";
import { PRIOR_OPTIONS } from "./prior-rows.ts";
import { FIT_OPTIONS } from "./rows.ts";
import { checkOptions, defaultsOf } from "./table.ts";

/**
 * Options as given → checked and complete. What depends on the points is checked later, with the points. A mixture to
 * start from decides `components` and `covarianceType` if they are left out.
 * @throws UNKNOWN_OPTION, INVALID_OPTION
 */
export function resolveFitOptions(options: FitOptions): ResolvedFitOptions {
  const given = checkOptions(FIT_OPTIONS, options);
  const variational = given.inference === "variational";
  if (variational) refusePolicy(given);
  const { prior, initialization, fixed: _, knownComponents: __, ...all } = withDefaults(given, variational);
  FIT_OPTIONS.components.check("components", all.components);
  const start = typeof initialization === "object" && "parameters" in initialization ? initialization.parameters : null;
  if (typeof initialization === "object" && isGivenStart(initialization)) {
    requireComponents(initialization, all.components);
  }
  return {
    ...all,
    fixed: resolveFixed(given, start ?? undefined, all.components),
    known: resolveKnown(given, all.components),
    prior: prior === undefined ? null : resolvePrior(prior, variational, all.components),
    initialization: start ?? (initialization as InitializationName | GivenStart),
  };
}

type OptionalName = "prior" | "fixed" | "knownComponents";
type Complete = Required<Omit<FitOptions, OptionalName>> & Pick<FitOptions, OptionalName>;

function withDefaults(given: FitOptions, variational: boolean): Complete {
  const { initialization } = given;
  const start = typeof initialization === "object" ? settingsOf(initialization, given) : {};
  const all = {
    ...defaultsOf(FIT_OPTIONS, variational),
    ...pace(given, variational),
    ...start,
    ...policy(given),
    ...given,
  } as Complete;
  if (given.restartStrategy !== undefined && all.restarts === 1) {
    throw invalidOption(
      "restartStrategy",
      "left out for a single start, or `restarts` of 2 or more",
      given.restartStrategy,
    );
  }
  return all;
}

/** A component that is reseeded might go where no point may belong to it. */
function policy({ knownComponents }: FitOptions): Pick<FitOptions, "emptyComponent"> {
  return knownComponents === undefined ? {} : { emptyComponent: "keep" };
}

/** What a start that is given decides for the fit. @throws INVALID_OPTION */
function settingsOf(start: Exclude<InitializationOption, string>, given: Partial<FitOptions>): Partial<FitOptions> {
  if (!("parameters" in start)) {
    requireOneRestart(given.restarts, "such a start");
    const components = componentsOf(start);
    return components === undefined ? {} : { components };
  }
  const { components, covarianceType } = start.parameters;
  if (given.inference === "variational" && (given.components ?? components) !== components) {
    throw invalidOption("components", `${components}, as many as the mixture to start from has`, given.components);
  }
  if ((given.covarianceType ?? covarianceType) !== covarianceType) {
    const expected = `"${covarianceType}", as of the mixture to start from`;
    throw invalidOption("covarianceType", expected, given.covarianceType);
  }
  requireOneRestart(given.restarts, "a mixture");
  return { components, covarianceType };
}

/** How EM is made faster, where nothing else is asked for: from a mixture that is given, it goes on with all points. */
function pace(given: FitOptions, variational: boolean): Pick<Complete, "acceleration" | "schedule"> {
  if (variational && given.schedule === "progressive") {
    throw invalidOption("schedule", '"full" with `inference: "variational"`', given.schedule);
  }
  const acceleration = followable(given, variational) ? (given.acceleration ?? "lbfgs") : "none";
  const fresh = typeof given.initialization !== "object" && given.knownComponents === undefined;
  return { acceleration, schedule: fresh && acceleration !== "none" ? "progressive" : "full" };
}

/** Can L-BFGS follow what is maximised? A ridge maximises nothing. @throws INVALID_OPTION where it is asked to */
function followable({ acceleration, regularization }: FitOptions, variational: boolean): boolean {
  const ridge = typeof regularization === "object" && regularization.absolute > 0;
  if (!ridge && !variational) return true;
  if (acceleration === undefined || acceleration === "none") return false;
  const because = ridge ? "an absolute `regularization`" : '`inference: "variational"`';
  throw invalidOption("acceleration", `"none" with ${because}, which L-BFGS cannot follow`, acceleration);
}

function refusePolicy({ emptyComponent }: FitOptions): void {
  if (emptyComponent === undefined) return;
  const expected = 'left out when `inference` is "variational", which empties no component';
  throw invalidOption("emptyComponent", expected, emptyComponent);
}

/** @throws UNKNOWN_OPTION, INVALID_OPTION */
function resolvePrior(prior: PriorOptions, variational: boolean, components: number): ResolvedPriorOptions {
  const given = checkOptions(PRIOR_OPTIONS, prior, "prior");
  const { weightConcentration, weightConcentrationType } = given;
  if (!variational && weightConcentrationType !== undefined) {
    throw invalidOption("prior.weightConcentrationType", 'left out when `inference` is "em"', weightConcentrationType);
  }
  if (!variational && weightConcentration !== undefined && weightConcentration < 1) {
    throw invalidOption("prior.weightConcentration", 'at least 1 when `inference` is "em"', weightConcentration);
  }
  const share = variational ? { weightConcentration: 1 / components } : {};
  const { mean, covariance } = given;
  const own = {
    ...(mean !== undefined && { mean: copyNumbers(mean) }),
    ...(covariance !== undefined && { covariance: copyNumbers(covariance) }),
  };
  return { ...defaultsOf(PRIOR_OPTIONS, variational), ...share, ...given, ...own } as ResolvedPriorOptions;
}

/** Numbers that stay as they are until a fit reads them, and that cross threads whatever their array was. */
function copyNumbers(numbers: Numbers | number): unknown {
  return typeof numbers === "object" ? Array.from(numbers as ArrayLike<Numbers | number>, copyNumbers) : numbers;
}
