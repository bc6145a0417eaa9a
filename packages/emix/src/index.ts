export {
  type CovarianceType,
  EmixError,
  type EmptyComponentPolicy,
  type ErrorCode,
  type FitOptions,
  type FitStep,
  GaussianMixture,
  type Inference,
  type MixtureJson,
  type MixtureParameters,
  type PointsLike,
  type Posterior,
  type PriorOptions,
  type RegularizationOption,
  type Seed,
  type Warning,
  type WeightConcentrationType,
} from "@emix/core";
export {
  type EngineFitOptions,
  type EngineOptions,
  type EnginePoints,
  type FitResult,
  LoadedPoints,
  Run,
} from "@emix/workers";
export { createEngine, Engine, type LoadOptions, type PointsSource } from "./engine.ts";
export {
  fit,
  fitModelEm,
  fromKmeansPlusPlus,
  getAssignmentProbs,
  getQ,
  initialize,
  logProbLoss,
} from "./functions.ts";
