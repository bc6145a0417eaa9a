import type { CovarianceType, ErrorCode } from "@emix/core";

/** What the best model is the best by: lower is better, but for held-out points, whose mean log-likelihood is to be high. */
export type SelectionCriterion = "bic" | "aic" | "icl" | "held-out";

export const SELECTION_CRITERIA: readonly SelectionCriterion[] = ["bic", "aic", "icl", "held-out"];

/** A model to be fitted. */
export interface ModelChoice {
  /** k */
  readonly components: number;
  /** the shape of its covariances */
  readonly covarianceType: CovarianceType;
}

/** What became of a model. Numbers are null where there was no fit, or where it failed. */
export interface SelectionRow extends ModelChoice {
  /** Bayesian information criterion */
  readonly bic: number | null;
  /** Akaike's information criterion */
  readonly aic: number | null;
  /** integrated completed likelihood criterion; null too for a model that was given up */
  readonly icl: number | null;
  /** mean log-likelihood of the points that were held out; null but for the criterion "held-out" */
  readonly heldOut: number | null;
  /** mean log-likelihood of a point */
  readonly lowerBound: number | null;
  /** whether it met the tolerance */
  readonly converged: boolean;
  /** Did a component collapse, so that the likelihood is of the regularization's making? Such a model is the best only where all are so. */
  readonly collapsed: boolean;
  /** whether it was left out, because several smaller ones of its type were worse than one smaller still */
  readonly skipped: boolean;
  /** why the fit failed */
  readonly failure?: {
    /** the code of the error */
    readonly code: ErrorCode;
    /** the message of the error */
    readonly message: string;
  };
}

/** What a model is judged by, the lower the better; ∞ where there is no number. */
export function lossOf(row: SelectionRow, criterion: SelectionCriterion): number {
  const value = criterion === "held-out" ? row.heldOut : row[criterion];
  if (value === null) return Number.POSITIVE_INFINITY;
  return criterion === "held-out" ? -value : value;
}

/** Sound models before those whose likelihood a floor made, and those before models without a number. */
export function isBetter(row: SelectionRow, other: SelectionRow, criterion: SelectionCriterion): boolean {
  const [loss, least] = [lossOf(row, criterion), lossOf(other, criterion)];
  if (loss === Number.POSITIVE_INFINITY || least === Number.POSITIVE_INFINITY) return loss < least;
  return row.collapsed === other.collapsed ? loss < least : other.collapsed;
}
