import type { Engine, EngineFitOptions, EnginePoints, LoadedPoints } from "@emix/workers";
import { holdOut } from "./held-out.ts";
import { resolveSearch, type SearchOptions, type Selection, searchModels } from "./search.ts";

/** Options of an engine's `select`: those of `fit`, with lists in place of `components` and `covarianceType`. */
export interface SelectOptions extends SearchOptions, Omit<EngineFitOptions, "components" | "covarianceType"> {}

/** Fits models of all sizes and covariance types, and keeps the best. */
export async function selectModel(engine: Engine, points: EnginePoints, options: SelectOptions): Promise<Selection> {
  const { components, covarianceTypes, criterion, patience, onModel, ...given } = options ?? {};
  const { pointWeights, missing, ...fit } = given;
  const { signal: _, onStep: __, ...mathematics } = fit;
  const search = resolveSearch(options, mathematics);
  const load = { ...(pointWeights && { pointWeights }), ...(missing && { missing }) };
  const loaded = await engine.load(points, load);
  const judged =
    search.criterion === "held-out" ? await holdOut(engine, loaded, fit) : { fitted: loaded, heldOut: null };
  const { best, table } = await searchModels<LoadedPoints>(search, { fitter: engine, points: judged, fit });
  const { restarts: ___, restartStrategy: ____, ...alone } = fit;
  // A model of points of which some were held out goes on with all of them.
  const result =
    judged.heldOut === null
      ? best.fit
      : await engine.fit(loaded, { ...alone, components: best.row.components, initialization: best.fit.mixture });
  return { best: best.row, mixture: result.mixture, fit: result, table };
}
