import { type ClusterFitOptions, type ClusterPoints, Cluster as FittingCluster } from "@emix/cluster";
import { invalidOption } from "@emix/core";
import type { SelectionCriterion } from "../selection/models.ts";
import { resolveSearch, type SearchOptions, type Selection, searchModels } from "../selection/search.ts";

/** Options of a cluster's `select`: those of its `fit`, with lists in place of `components` and `covarianceType`. */
export interface ClusterSelectOptions
  extends SearchOptions,
    Omit<ClusterFitOptions, "components" | "covarianceType" | "checkpoint"> {
  /** Default "bic". A cluster holds out no points. */
  readonly criterion?: Exclude<SelectionCriterion, "held-out">;
}

/** A cluster that also chooses among models. */
export class Cluster extends FittingCluster {
  /**
   * Fits every number of components with every covariance type, and gives the best by BIC, AIC or ICL with a table of all,
   * with the bits of an engine's `select`.
   * Rejects as `fit`; a model that fails by its numbers is a row of the table, unless all do.
   */
  async select(points: ClusterPoints, options: ClusterSelectOptions): Promise<Selection> {
    const { components, covarianceTypes, criterion, patience, onModel, ...fit } = options ?? {};
    if ((criterion as SelectionCriterion | undefined) === "held-out") {
      throw invalidOption("criterion", '"bic", "aic" or "icl", for a cluster holds out no points', criterion);
    }
    const { signal: _, onStep: __, onWorkers: ___, ...mathematics } = fit;
    const search = resolveSearch(options, mathematics);
    const { best, table } = await searchModels(search, {
      fitter: this,
      points: { fitted: points, heldOut: null },
      fit,
    });
    return { best: best.row, mixture: best.fit.mixture, fit: best.fit, table };
  }
}
