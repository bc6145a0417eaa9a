import { type FitOptions, type FitStep, type GaussianMixture, invalidOption, onlyKnown } from "@emix/core";
import type { TextDialect } from "@emix/io";
import { type CheckpointOption, type EngineOptions, resolveEngineOptions, type SignalOption } from "@emix/workers";
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
export interface ClusterLoadOptions extends ReadOptions, SignalOption {
  /** As of `FileOptions`. */
  readonly like?: TextDialect;
}

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

/** Options of a cluster's `predict`. */
export interface ClusterPredictOptions extends SignalOption {
  /** the mixture to ask */
  readonly mixture: GaussianMixture;
  /**
   * Where workers write, below their folder of outputs: a path with one *, which stands for the path of a file without its
   * ending, as "labels/*.parquet". The ending says the format: .csv, .ndjson, .parquet or .arrow.
   */
  readonly output: string;
  /** How many components of a row are written, the most probable first. Default 1. */
  readonly top?: number;
  /** Whether the probability of every component is written too. Default false. */
  readonly probabilities?: boolean;
}

const DEFAULT_PATIENCE = 30;

/** How a cluster is set up. */
interface ClusterSetting {
  readonly connection: Connection;
  readonly patience: number;
  readonly setting: ReturnType<typeof resolveEngineOptions>;
}

/** @throws UNKNOWN_OPTION, INVALID_OPTION */
export function resolveClusterOptions(options: CreateClusterOptions): ClusterSetting {
  const {
    connection,
    patience = DEFAULT_PATIENCE,
    ...engine
  } = onlyKnown(options, ["connection", "patience", "threads", "kernel", "strict"]);
  const given = typeof connection === "object" && connection !== null ? connection : undefined;
  const { url, ...rest } = onlyKnown(given ?? { url: undefined as never }, ["url", "prefix", "lockDuration"]);
  if (typeof url !== "string") throw invalidOption("connection", "an object with the `url` of a Redis", connection);
  if (!(patience >= 0)) throw invalidOption("patience", "a number of seconds", patience);
  const setting = resolveEngineOptions({ offThread: false, ...engine });
  return { connection: { url, ...rest }, patience, setting };
}
