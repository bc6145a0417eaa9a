import type { FitOptions, FitStep, GaussianMixture } from "@emix/core";
import type { CheckpointOption, EngineOptions, SignalOption } from "@emix/workers";
import type { ReadOptions } from "../protocol.ts";
import type { Connection } from "../redis/store.ts";
import type { WorkerShare } from "./shares.ts";

/** Options of `createCluster`. */
export interface CreateClusterOptions extends Pick<EngineOptions, "threads" | "kernel" | "strict"> {
  /** The Redis that the workers listen to. */
  readonly connection: Connection;
  /** For how many seconds there may be no worker before work fails. Default 30. */
  readonly patience?: number;
}

/** Options of a cluster's `load`: how workers read the files. */
export interface ClusterLoadOptions extends ReadOptions, SignalOption {}

/** Options of a cluster's `fit`. */
export interface ClusterFitOptions extends FitOptions, ClusterResumeOptions {
  /** Where the fit writes how far it has come, for `resume`. Default: it does not. */
  readonly checkpoint?: CheckpointOption;
}

/** Options of a cluster's `resume`. */
export interface ClusterResumeOptions extends SignalOption {
  /** Called after each iteration. */
  readonly onStep?: (step: FitStep) => void;
  /** Called after each pass over all points, with what each worker did of it. */
  readonly onWorkers?: (shares: readonly WorkerShare[]) => void;
}

/** Options of a cluster's `score`, `aic`, `bic` and `icl`. */
export interface ClusterCriterionOptions extends SignalOption {
  /** the mixture to judge */
  readonly mixture: GaussianMixture;
}
