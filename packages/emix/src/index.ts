export {
  type CovarianceType,
  EmixError,
  type EmptyComponentPolicy,
  type ErrorCode,
  type FitOptions,
  type FitStep,
  type FlatPoints,
  GaussianMixture,
  type Inference,
  type MatrixLike,
  type MissingOption,
  type MixtureJson,
  type MixtureParameters,
  type NumberArray,
  type PointsAndAssignmentProbs,
  type PointsLike,
  type Posterior,
  type PriorOptions,
  type RegularizationOption,
  type Seed,
  type Warning,
  type WeightConcentrationType,
} from "@emix/core";
export type { FileFormat, FileOptions } from "@emix/io";
export {
  type EngineFitOptions,
  type EngineOptions,
  type EnginePoints,
  type FitResult,
  LoadedFile,
  LoadedPoints,
  Run,
} from "@emix/workers";
export { createEngine, Engine } from "./engine.ts";
export {
  fit,
  fitModelEm,
  fromKmeansPlusPlus,
  getAssignmentProbs,
  getQ,
  initialize,
  logProbLoss,
} from "./functions.ts";
