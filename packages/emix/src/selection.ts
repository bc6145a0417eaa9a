import {
  COVARIANCE_TYPES,
  type CovarianceType,
  EmixError,
  type ErrorCode,
  type GaussianMixture,
  invalidOption,
  requireInteger,
  requireOneOf,
  resolveFitOptions,
  type WarningCode,
} from "@emix/core";
import type { Engine, EngineFitOptions, EnginePoints, FitResult, LoadedPoints } from "@emix/workers";
import { criteriaOf, describePoints } from "./description.ts";

/** What the best model is the best by; lower is better. */
export type SelectionCriterion = "bic" | "aic" | "icl";

/** A model to be fitted. */
export interface ModelChoice {
  /** k */
  readonly components: number;
  /** the shape of its covariances */
  readonly covarianceType: CovarianceType;
}

/** Options of an engine's `select`: those of `fit`, with lists in place of `components` and `covarianceType`. */
export interface SelectOptions extends Omit<EngineFitOptions, "components" | "covarianceType"> {
  /** numbers of components to try */
  readonly components: readonly number[];
  /** Default: all. */
  readonly covarianceTypes?: readonly CovarianceType[];
  /** Default "bic". */
  readonly criterion?: SelectionCriterion;
  /** Called before each fit. in: counted from 0 */
  readonly onModel?: (choice: ModelChoice, index: number, count: number) => void;
}

/** What became of a model. Numbers are null where the fit failed. */
export interface SelectionRow extends ModelChoice {
  /** Bayesian information criterion */
  readonly bic: number | null;
  /** Akaike's information criterion */
  readonly aic: number | null;
  /** integrated completed likelihood criterion */
  readonly icl: number | null;
  /** mean log-likelihood of a point */
  readonly lowerBound: number | null;
  /** whether it met the tolerance */
  readonly converged: boolean;
  /** Did a component collapse, so that the likelihood is of the regularization's making? Such a model is the best only where all are so. */
  readonly collapsed: boolean;
  /** why the fit failed */
  readonly failure?: {
    /** of the error */
    readonly code: ErrorCode;
    /** of the error */
    readonly message: string;
  };
}

/** The best model, and all that were tried. */
export interface Selection {
  /** its row in the table */
  readonly best: SelectionRow;
  /** of the best one */
  readonly mixture: GaussianMixture;
  /** the whole result of the best one */
  readonly fit: FitResult;
  /** every model, in the order they were fitted: by components, then by covariance type */
  readonly table: readonly SelectionRow[];
}

/** Failures of one model that another may not have. */
const OF_NUMBERS: ReadonlySet<ErrorCode> = new Set([
  "TOO_MANY_COMPONENTS",
  "TOO_FEW_DISTINCT_POINTS",
  "COLLAPSED_COMPONENT",
  "EMPTY_COMPONENT",
  "INITIALIZATION_FAILED",
  "OVERFLOW",
  "UNDERFLOW",
]);

const COLLAPSED: ReadonlySet<WarningCode> = new Set(["SINGULAR_COVARIANCE", "COLLAPSED_COMPONENT"]);

interface Tried {
  readonly row: SelectionRow;
  readonly fit: FitResult | undefined;
  readonly error?: EmixError;
}

/** Fits all models one after the other and keeps the best. */
export async function selectModel(engine: Engine, points: EnginePoints, options: SelectOptions): Promise<Selection> {
  const { components, covarianceTypes, criterion = "bic", onModel, pointWeights, missing, ...rest } = options ?? {};
  requireOneOf("criterion", criterion, ["bic", "aic", "icl"]);
  const choices = choicesOf(components, covarianceTypes);
  for (const choice of choices) requireLikelihood({ ...rest, ...choice });
  const load = { ...(pointWeights && { pointWeights }), ...(missing && { missing }) };
  const loaded = await engine.load(points, load);
  const table: SelectionRow[] = [];
  let best: Tried | undefined;
  for (const [index, choice] of choices.entries()) {
    onModel?.(choice, index, choices.length);
    const tried = await tryModel(engine, loaded, { ...rest, ...choice });
    table.push(tried.row);
    if (best === undefined || isBetter(tried.row, best.row, criterion)) best = tried;
  }
  if (best?.fit === undefined) throw best?.error;
  return { best: best.row, mixture: best.fit.mixture, fit: best.fit, table };
}

function choicesOf(components: unknown, types: unknown = COVARIANCE_TYPES): ModelChoice[] {
  if (!Array.isArray(components) || components.length === 0) {
    throw invalidOption("components", "an array of numbers of components to try", components);
  }
  if (!Array.isArray(types) || types.length === 0) throw invalidOption("covarianceTypes", "an array of names", types);
  for (const each of components) requireInteger("components", each, 1);
  for (const each of types) requireOneOf("covarianceTypes", each, COVARIANCE_TYPES);
  return components.flatMap((count) => types.map((covarianceType) => ({ components: count, covarianceType })));
}

/** Every option is checked before the first fit. */
function requireLikelihood({ signal: _, onStep: __, ...options }: EngineFitOptions): void {
  const { inference } = resolveFitOptions(options);
  if (inference === "variational") {
    throw invalidOption("inference", '"em", whose likelihoods can be compared by a criterion', inference);
  }
}

async function tryModel(engine: Engine, points: LoadedPoints, options: EngineFitOptions): Promise<Tried> {
  const { components, covarianceType = "full", signal } = options;
  try {
    const fit = await engine.fit(points, options);
    const description = await describePoints(engine, points, fit.mixture, { ...(signal && { signal }) });
    const { lowerBound, converged, iterations, warnings } = fit;
    const criteria = criteriaOf(fit.mixture, points.tiles, description);
    const collapsed = warnings.some(({ code, lastIteration }) => COLLAPSED.has(code) && lastIteration === iterations);
    return { row: { components, covarianceType, ...criteria, lowerBound, converged, collapsed }, fit };
  } catch (error) {
    if (!(error instanceof EmixError && OF_NUMBERS.has(error.code))) throw error;
    const failure = { code: error.code, message: error.message };
    const none = { bic: null, aic: null, icl: null, lowerBound: null, converged: false, collapsed: false };
    return { row: { components, covarianceType, ...none, failure }, fit: undefined, error };
  }
}

/** Sound models before those whose likelihood a floor made, and those before models that failed. */
function isBetter(row: SelectionRow, other: SelectionRow, criterion: SelectionCriterion): boolean {
  const [value, least] = [row[criterion], other[criterion]];
  if (value === null || least === null) return value !== null;
  return row.collapsed === other.collapsed ? value < least : other.collapsed;
}
