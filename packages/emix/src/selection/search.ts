import {
  COVARIANCE_TYPES,
  type CovarianceType,
  type FitOptions,
  type GaussianMixture,
  invalidOption,
  requireInteger,
  requireOneOf,
  resolveFitOptions,
} from "@emix/core";
import type { FitResult } from "@emix/workers";
import { type ModelChoice, SELECTION_CRITERIA, type SelectionCriterion, type SelectionRow } from "./models.ts";
import { bestOf, followPath } from "./path.ts";
import type { FittedPoints, SelectionSetting, TriedModel } from "./try-model.ts";

/** Which models are tried, and what they are judged by. */
export interface SearchOptions {
  /** numbers of components to try */
  readonly components: readonly number[];
  /** Default: all. */
  readonly covarianceTypes?: readonly CovarianceType[];
  /** Default "bic". "held-out" judges by the mean log-likelihood of a fifth of the points, drawn by the seed. */
  readonly criterion?: SelectionCriterion;
  /** After so many sizes in a row that are worse than the best of their covariance type, larger ones are skipped. Default 3. */
  readonly patience?: number;
  /** Called before each model is fitted first. in: counted from 0 */
  readonly onModel?: (choice: ModelChoice, index: number, count: number) => void;
}

/** The best model, and all that were tried. */
export interface Selection {
  /** its row in the table */
  readonly best: SelectionRow;
  /** the mixture of the best model */
  readonly mixture: GaussianMixture;
  /** the whole result of the best one */
  readonly fit: FitResult;
  /** every model: by components, then by covariance type */
  readonly table: readonly SelectionRow[];
}

/** A search whose options were checked. */
export interface Search {
  /** rising */
  readonly sizes: readonly number[];
  readonly types: readonly CovarianceType[];
  readonly criterion: SelectionCriterion;
  readonly patience: number;
  readonly onModel: SearchOptions["onModel"];
}

const PATIENCE = 3;

/** in: fit, the options that all models share. @throws UNKNOWN_OPTION, INVALID_OPTION, before the first fit */
export function resolveSearch(options: SearchOptions, fit: Omit<FitOptions, "components" | "covarianceType">): Search {
  const { components, covarianceTypes, criterion = "bic", patience = PATIENCE, onModel } = options;
  requireOneOf("criterion", criterion, SELECTION_CRITERIA);
  if (patience !== Number.POSITIVE_INFINITY) requireInteger("patience", patience, 1);
  const { sizes, types } = choicesOf(components, covarianceTypes);
  for (const covarianceType of types) {
    for (const size of sizes) requireLikelihood({ ...fit, components: size, covarianceType });
  }
  return { sizes, types, criterion, patience, onModel };
}

/** Fits models of all sizes and covariance types, one type after the other. out: those that were tried, and the best */
export async function searchModels<Points extends FittedPoints>(
  { sizes, types, patience, onModel, criterion }: Search,
  setting: Omit<SelectionSetting<Points>, "criterion">,
): Promise<{ readonly best: TriedModel & { readonly fit: FitResult }; readonly table: readonly SelectionRow[] }> {
  let begun = 0;
  const tell = (choice: ModelChoice) => onModel?.(choice, begun++, sizes.length * types.length);
  const plan = { ...setting, sizes, criterion, patience, onModel: tell };
  const paths: TriedModel[][] = [];
  for (const covarianceType of types) paths.push(await followPath({ ...plan, covarianceType }, paths.flat()));
  const all = sizes.flatMap((_, i) => paths.map((path) => path[i]));
  const best = bestOf(all, criterion);
  const { fit } = best;
  if (fit === undefined) throw all.find(({ error }) => error !== undefined)?.error;
  return { best: { ...best, fit }, table: all.map(({ row }) => row) };
}

function choicesOf(components: unknown, types: unknown = COVARIANCE_TYPES) {
  if (!Array.isArray(components) || components.length === 0) {
    throw invalidOption("components", "an array of numbers of components to try", components);
  }
  if (!Array.isArray(types) || types.length === 0) throw invalidOption("covarianceTypes", "an array of names", types);
  for (const each of components) requireInteger("components", each, 1);
  for (const each of types) requireOneOf("covarianceTypes", each, COVARIANCE_TYPES);
  const sizes = [...new Set(components as number[])].sort((a, b) => a - b);
  return { sizes, types: [...new Set(types as CovarianceType[])] };
}

/** Every option is checked before the first fit. */
function requireLikelihood(options: FitOptions): void {
  const { inference } = resolveFitOptions(options);
  if (inference === "variational") {
    throw invalidOption("inference", '"em", whose likelihoods can be compared by a criterion', inference);
  }
}
