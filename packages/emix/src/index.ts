export {
  type CovarianceType,
  type Dtype,
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
export {
  type ColumnLeftOut,
  type FileFormat,
  type FileOptions,
  type ReadColumn,
  type Reading,
  readingLine,
  type TextFacts,
} from "@emix/io";
export {
  type EngineFitOptions,
  type EngineOptions,
  type EnginePoints,
  type FitResult,
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
export { LoadedFile } from "./loaded-file.ts";
