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
export type {
  FitOptions,
  GranularityOption,
  Inference,
  InitializationName,
  InitializationOption,
  PriorOptions,
  RegularizationOption,
  ResolvedFitOptions,
  ResolvedPriorOptions,
} from "./fit/options.ts";
export {
  type Check,
  onlyKnown,
  requireBoolean,
  requireInteger,
  requireNotNegative,
  requireOneOf,
  requireRegularization,
  requireSeed,
} from "./fit/options-checks.ts";
export { PRIOR_OPTIONS } from "./fit/options-prior.ts";
export { resolveFitOptions } from "./fit/options-resolve.ts";
export { FIT_OPTIONS } from "./fit/options-rows.ts";
export {
  checkOptions,
  defaultInWords,
  defaultsOf,
  type Flag,
  integerFrom,
  type OptionRow,
  type OptionTable,
  oneOf,
} from "./fit/options-table.ts";
export type { Prior } from "./fit/prior.ts";
export { absoluteRegularization, regularizationFor } from "./fit/regularization.ts";
export { type Summary, summarize } from "./fit/summary.ts";
export {
  type AssignmentOptions,
  GaussianMixture,
  type PointWeightsOption,
  type Sample,
  type SampleOptions,
} from "./gaussian-mixture.ts";
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
export { withoutWeights } from "./mixture/conditional.ts";
export type { MixtureJson, PosteriorJson } from "./mixture/json.ts";
export type { Mixture } from "./mixture/mixture.ts";
export type { MixtureParameters, Numbers } from "./mixture/parameters.ts";
export type { Posterior } from "./mixture/posterior.ts";
export type { WeightConcentrationType } from "./mixture/weight-concentration.ts";
export { type BlockGrid, blockGrid, blockRange, passesAtOnce } from "./passes/blocks.ts";
export { type Criterion, criterionOf, logPosterior, quantitiesFor } from "./passes/criteria.ts";
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
export type { EmptyComponentPolicy } from "./step/empty-component-policy.ts";
export { expectation } from "./step/expectation.ts";
export { maximization } from "./step/maximization.ts";
export type { Warning, WarningCode } from "./warnings.ts";
