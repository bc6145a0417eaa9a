import type { BootstrapSettings, ClusterOptions, FitStep, GaussianMixture } from "@emix/core";
import type {
  CriterionOptions,
  LoadOptions,
  MissingRowsOption,
  MixtureOptions,
  SignalOption,
  TurnOption,
} from "./method-options.ts";

// The options of methods that ask more of a mixture than what it says of each point.

/** Options of an engine's `bootstrap`. */
export interface BootstrapOptions extends BootstrapSettings, LoadOptions, SignalOption, TurnOption {
  /** the mixture in question, fitted to these points */
  readonly mixture: GaussianMixture;
  /** Called after each resample, perhaps several times in a row; its number is `restart`. */
  readonly onStep?: (step: FitStep) => void;
}

/** Options of an engine's `predictClusters`. */
export interface EngineClusterOptions extends Omit<MixtureOptions, "missing">, MissingRowsOption, ClusterOptions {}

/** Options of `score`. */
export interface ScoreOptions extends Omit<CriterionOptions, "missing">, Pick<MixtureOptions, "missing"> {}
