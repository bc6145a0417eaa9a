import type {
  BootstrapSettings,
  ClusterOptions,
  FitStep,
  GaussianMixture,
  Responsibilities,
  SampleOptions,
} from "@emix/core";
import type {
  CriterionOptions,
  LoadOptions,
  MissingRowsOption,
  MixtureOptions,
  SignalOption,
  TurnOption,
} from "../engine/methods/options.ts";

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

/** Options of `expectedLogLikelihood` and `getQ`. */
export interface QOptions extends CriterionOptions {
  /** n × k, flat row-major or rows */
  readonly assignmentProbs: Responsibilities;
}

/** Options of an engine's `sample`. */
export interface EngineSampleOptions extends SampleOptions {
  /** the mixture to draw from */
  readonly mixture: GaussianMixture;
  /** number of points to draw */
  readonly count: number;
}
