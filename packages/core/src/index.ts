// In the order of the flow: points → tiles → blocks → statistics → reduce → M-step → mixture.

export { covarianceForm } from "./covariance/covariance.ts";
export type { Regularization } from "./covariance/regularization.ts";
export type { CovarianceType } from "./covariance/types.ts";
export {
  EmixError,
  type ErrorCode,
  type ErrorDetails,
  featuresMismatch,
  fromPlainError,
  initializationFailed,
  invalidOption,
  type PlainError,
  tooManyComponents,
  toPlainError,
  unknownOption,
} from "./errors.ts";
export { type FitStep, type Fitted, fit } from "./fit/fit.ts";
export { openResponsibilities, type Responsibilities } from "./fit/initialization/from-responsibilities.ts";
export { fromKmeansPlusPlus, initialize } from "./fit/initialization/initialize.ts";
export { greedyCandidates, kMeansPlusPlus } from "./fit/initialization/k-means-plus-plus.ts";
export { fromCentres, fromRandomPoints } from "./fit/initialization/start.ts";
export {
  type FitOptions,
  type Inference,
  type InitializationName,
  onlyKnown,
  type PriorOptions,
  type RegularizationOption,
  type ResolvedFitOptions,
  requireInteger,
  requireNotNegative,
  requireOneOf,
  requireRegularization,
  requireSeed,
  resolveFitOptions,
} from "./fit/options.ts";
export type { Prior } from "./fit/prior.ts";
export { absoluteRegularization, regularizationFor } from "./fit/regularization.ts";
export { type Summary, summarize } from "./fit/summary.ts";
export { GaussianMixture, type PointsAndAssignmentProbs, type WeightedPoints } from "./gaussian-mixture.ts";
export {
  type Compilers,
  type KernelChoice,
  type KernelProgram,
  KernelPrograms,
  type KernelSettings,
} from "./kernels/dispatch.ts";
export type { Arithmetic, Evaluation, Kernel, KernelKind, KernelShape } from "./kernels/kernel.ts";
export { KernelCache } from "./kernels/kernel-cache.ts";
export type { Compile, CompiledModule } from "./kernels/simd/host/compiled.ts";
export { fusesMultiplyAdd } from "./kernels/simd/host/fusing.ts";
export { rounded } from "./linear-algebra/compensated-sum.ts";
export type { MixtureJson } from "./mixture/json.ts";
export type { Mixture } from "./mixture/mixture.ts";
export type { MixtureParameters } from "./mixture/parameters.ts";
export type { Posterior, WeightConcentrationType } from "./mixture/posterior.ts";
export { type BlockGrid, blockGrid, blockRange, passesAtOnce } from "./passes/blocks.ts";
export {
  type Evaluated,
  evaluate,
  evaluateNow,
  expectedLogLikelihood,
  type Quantity,
  score,
  weightedMean,
} from "./passes/evaluation.ts";
export { type Executor, inThreadExecutor, runInThread, type Slots } from "./passes/executor.ts";
export { gridOf, openPass, type Pass, passWork, slotLength } from "./passes/pass.ts";
export { reduce } from "./passes/reduce.ts";
export {
  type FlatPoints,
  type MatrixLike,
  type NumberArray,
  openPoints,
  type PointsLike,
} from "./points/array-sources.ts";
export { ofKeptRows, overAllRows } from "./points/dropped-rows.ts";
export type { MissingOption, Place, PointSource, RowBatch, RowCounts } from "./points/source.ts";
export {
  type Allocate,
  allocateTiles,
  type Dtype,
  readPoint,
  rowsGiven,
  type Tiles,
  type TilesShape,
  tileCount,
  tilesBetween,
  tilesBytes,
} from "./points/tiles.ts";
export { streamTiles, type TilingOptions, tilePoints, tilesFrom } from "./points/tiling.ts";
export { withWeights } from "./points/weights.ts";
export { type Random, randomStream, type Seed } from "./random.ts";
export {
  accumulate,
  lowerBound,
  merge,
  type StatisticsLayout,
  type SufficientStatistics,
  statisticsLayout,
  zero,
} from "./statistics/sufficient-statistics.ts";
export { type StopRule, startFrom } from "./step/convergence.ts";
export { em, type Iteration } from "./step/em.ts";
export { EMPTY_COMPONENT_POLICIES, type EmptyComponentPolicy } from "./step/empty-component.ts";
export { expectation } from "./step/expectation.ts";
export { maximization } from "./step/maximization.ts";
export type { Warning, WarningCode } from "./warnings.ts";
