import {
  aic,
  bic,
  EmixError,
  type ErrorCode,
  type FitOptions,
  type FitStep,
  type GaussianMixture,
  logarithm,
  parameterCount,
  type TilesFacts,
  type WarningCode,
  weightTotal,
} from "@emix/core";
import type { FitResult, SignalOption } from "@emix/workers";
import { lossOf, type ModelChoice, type SelectionCriterion, type SelectionRow } from "./models.ts";

/** Points that mixtures can be fitted to, wherever they are. */
export interface FittedPoints {
  readonly tiles: Pick<TilesFacts, "count" | "features" | "pointWeights">;
}

/** Options of one fit of a selection, besides those of the mathematics. */
interface WatchedFit extends SignalOption {
  readonly onStep?: (step: FitStep) => void;
}

type JudgedMixture = SignalOption & { readonly mixture: GaussianMixture };

/** Who fits and judges mixtures: an engine, or a cluster. */
interface Fitter<Points extends FittedPoints> {
  fit(points: Points, options: FitOptions & WatchedFit): PromiseLike<FitResult>;
  icl(points: Points, options: JudgedMixture): Promise<number>;
  score(points: Points, options: JudgedMixture): Promise<number>;
}

/** What all models of a selection share. */
export interface SelectionSetting<Points extends FittedPoints = FittedPoints> {
  readonly fitter: Fitter<Points>;
  readonly points: SelectionPoints<Points>;
  readonly criterion: SelectionCriterion;
  readonly fit: Omit<FitOptions, "components" | "covarianceType"> & WatchedFit;
}

/** The points of a selection. */
export interface SelectionPoints<Points extends FittedPoints> {
  /** that models are fitted to */
  readonly fitted: Points;
  /** that they are judged by; null: those that they are fitted to */
  readonly heldOut: Points | null;
}

/** A model that was tried. */
export interface TriedModel {
  readonly row: SelectionRow;
  readonly fit: FitResult | undefined;
  readonly error?: EmixError;
  /** whether its fit was left where it was, because it could not reach its goal */
  readonly givenUp: boolean;
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

const NO_NUMBERS = {
  bic: null,
  aic: null,
  icl: null,
  heldOut: null,
  lowerBound: null,
  converged: false,
  collapsed: false,
};

/** Where a fit begins, and the model that it has to beat. */
interface Attempt {
  /** a mixture to grow or shrink */
  readonly from?: GaussianMixture;
  readonly leader: TriedModel | undefined;
}

/** A model is given up only where its criterion is worse than the leader's by this much: few points leave much open. */
export const MARGIN = 100;

/** Fits a model and judges it. A fit ends early where it cannot beat the leader. */
export async function tryModel<Points extends FittedPoints>(
  setting: SelectionSetting<Points>,
  { components, covarianceType }: ModelChoice,
  { from, leader }: Attempt,
): Promise<TriedModel> {
  const { fitter, fit: options, criterion } = setting;
  const { fitted, heldOut } = setting.points;
  const { restarts: _, restartStrategy: __, initialization: ___, ...alone } = options;
  const start = from === undefined ? options : { ...alone, initialization: from };
  const { signal } = options;
  const watched = { ...(signal && { signal }) };
  try {
    const goal = goalOf({ components, covarianceType }, setting, leader);
    const fit = await fitter.fit(fitted, { ...start, ...goal, components, covarianceType });
    const { mixture, lowerBound, converged, iterations, warnings } = fit;
    const givenUp = fit.starts[fit.restart].dropped;
    const weight = weightTotal(fitted.tiles.count, fitted.tiles.pointWeights);
    const criteria = {
      bic: bic(mixture.parameters, weight * lowerBound, weight),
      aic: aic(mixture.parameters, weight * lowerBound),
      icl: givenUp && criterion !== "icl" ? null : await fitter.icl(fitted, { mixture, ...watched }),
    };
    const score = heldOut === null ? null : await fitter.score(heldOut, { mixture, ...watched });
    const collapsed = warnings.some(({ code, lastIteration }) => COLLAPSED.has(code) && lastIteration === iterations);
    const judged = { ...criteria, heldOut: score, lowerBound, converged, collapsed, skipped: false };
    return { row: { components, covarianceType, ...judged }, fit, givenUp };
  } catch (error) {
    if (!(error instanceof EmixError && OF_NUMBERS.has(error.code))) throw error;
    const failure = { code: error.code, message: error.message };
    const row = { components, covarianceType, ...NO_NUMBERS, skipped: false, failure };
    return { row, fit: undefined, error, givenUp: false };
  }
}

/** The bound that beats the leader by the criterion. ICL adds to BIC; held-out points say nothing of a bound. */
function goalOf(
  choice: ModelChoice,
  { points, criterion, fit }: Pick<SelectionSetting, "points" | "criterion" | "fit">,
  leader: TriedModel | undefined,
): { goal?: number } {
  if (leader === undefined || leader.row.collapsed || criterion === "held-out" || fit.prior !== undefined) return {};
  const { count, pointWeights, features } = points.fitted.tiles;
  const weight = weightTotal(count, pointWeights);
  const penalty = parameterCount({ ...choice, features }) * (criterion === "aic" ? 2 : logarithm(weight));
  const goal = (penalty - lossOf(leader.row, criterion) - MARGIN) / (2 * weight);
  return Number.isFinite(goal) ? { goal: Math.max(goal, fit.goal ?? goal) } : {};
}

/** A model that is left out. */
export function skippedModel(choice: ModelChoice): TriedModel {
  return { row: { ...choice, ...NO_NUMBERS, skipped: true }, fit: undefined, givenUp: false };
}
