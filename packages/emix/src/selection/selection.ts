import {
  COVARIANCE_TYPES,
  type CovarianceType,
  type GaussianMixture,
  invalidOption,
  requireInteger,
  requireOneOf,
  resolveFitOptions,
} from "@emix/core";
import type { Engine, EngineFitOptions, EnginePoints, FitResult } from "@emix/workers";
import { holdOut } from "./held-out.ts";
import { type ModelChoice, SELECTION_CRITERIA, type SelectionCriterion, type SelectionRow } from "./models.ts";
import { bestOf, followPath } from "./path.ts";
import type { Tried } from "./try-model.ts";

/** Options of an engine's `select`: those of `fit`, with lists in place of `components` and `covarianceType`. */
export interface SelectOptions extends Omit<EngineFitOptions, "components" | "covarianceType"> {
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
  /** of the best one */
  readonly mixture: GaussianMixture;
  /** the whole result of the best one */
  readonly fit: FitResult;
  /** every model: by components, then by covariance type */
  readonly table: readonly SelectionRow[];
}

const PATIENCE = 3;

/** Fits models of all sizes and covariance types, one type after the other, and keeps the best. */
export async function selectModel(engine: Engine, points: EnginePoints, options: SelectOptions): Promise<Selection> {
  const { components, covarianceTypes, criterion = "bic", patience = PATIENCE, onModel, ...given } = options ?? {};
  const { pointWeights, missing, ...fit } = given;
  requireOneOf("criterion", criterion, SELECTION_CRITERIA);
  if (patience !== Number.POSITIVE_INFINITY) requireInteger("patience", patience, 1);
  const { sizes, types } = choicesOf(components, covarianceTypes);
  for (const covarianceType of types) {
    for (const size of sizes) requireLikelihood({ ...fit, components: size, covarianceType });
  }
  const load = { ...(pointWeights && { pointWeights }), ...(missing && { missing }) };
  const loaded = await engine.load(points, load);
  const judged = criterion === "held-out" ? await holdOut(engine, loaded, fit) : { fitted: loaded, heldOut: null };
  let begun = 0;
  const told = (choice: ModelChoice) => onModel?.(choice, begun++, sizes.length * types.length);
  const plan = { engine, points: judged, fit, sizes, criterion, patience, onModel: told };
  const paths: Tried[][] = [];
  for (const covarianceType of types) paths.push(await followPath({ ...plan, covarianceType }, paths.flat()));
  const all = sizes.flatMap((_, i) => paths.map((path) => path[i]));
  const best = bestOf(all, criterion);
  if (best.fit === undefined) throw all.find(({ error }) => error !== undefined)?.error;
  const { restarts: _, restartStrategy: __, ...alone } = fit;
  // A model of points of which some were held out goes on with all of them.
  const result =
    judged.heldOut === null
      ? best.fit
      : await engine.fit(loaded, { ...alone, components: best.row.components, initialization: best.fit.mixture });
  return { best: best.row, mixture: result.mixture, fit: result, table: all.map(({ row }) => row) };
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
function requireLikelihood({ signal: _, onStep: __, ...options }: EngineFitOptions): void {
  const { inference } = resolveFitOptions(options);
  if (inference === "variational") {
    throw invalidOption("inference", '"em", whose likelihoods can be compared by a criterion', inference);
  }
}
