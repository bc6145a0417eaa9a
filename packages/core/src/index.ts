// In the order of the flow: points → tiles → blocks → statistics → reduce → M-step → mixture.

export { type BlockGrid, blockGrid, blockRange, passesAtOnce } from "./blocks.ts";
export { type StopRule, startFrom } from "./convergence.ts";
export { type CovarianceType, covarianceForm } from "./covariance/covariance.ts";
export type { Regularization } from "./covariance/regularization.ts";
export { em, type Iteration } from "./em.ts";
export { EMPTY_COMPONENT_POLICIES, type EmptyComponentPolicy } from "./empty-component.ts";
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
export {
  type Evaluated,
  evaluate,
  evaluateNow,
  expectedLogLikelihood,
  type Quantity,
  score,
  weightedMean,
} from "./evaluation.ts";
export { type Executor, inThreadExecutor, runInThread, type Slots } from "./executor.ts";
export { expectation } from "./expectation.ts";
export { type FitStep, type Fitted, fit } from "./fit.ts";
export { GaussianMixture, type PointsAndAssignmentProbs, type WeightedPoints } from "./gaussian-mixture.ts";
export { openResponsibilities, type Responsibilities } from "./initialization/from-responsibilities.ts";
export { fromKmeansPlusPlus, initialize } from "./initialization/initialize.ts";
export { greedyCandidates, kMeansPlusPlus } from "./initialization/k-means-plus-plus.ts";
export { fromCentres, fromRandomPoints } from "./initialization/start.ts";
export {
  type Compilers,
  type KernelChoice,
  type KernelProgram,
  KernelPrograms,
  type KernelSettings,
} from "./kernels/dispatch.ts";
export type { Evaluation, Kernel, KernelKind, KernelShape } from "./kernels/kernel.ts";
export { KernelCache } from "./kernels/kernel-cache.ts";
export type { Arithmetic, Compile, CompiledModule } from "./kernels/simd/compiled.ts";
export { fusesMultiplyAdd } from "./kernels/simd/fusing.ts";
export { rounded } from "./linear-algebra/compensated-sum.ts";
export { maximization } from "./maximization.ts";
export type { Mixture } from "./mixture.ts";
export type { MixtureJson } from "./mixture-json.ts";
export type { MixtureParameters } from "./mixture-parameters.ts";
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
} from "./options.ts";
export { gridOf, openPass, type Pass, passWork, slotLength } from "./passes/pass.ts";
export {
  type FlatPoints,
  type MatrixLike,
  type MissingOption,
  openPoints,
  type PointsLike,
  tileInChunks,
  tilePoints,
} from "./points.ts";
export type { Posterior, WeightConcentrationType } from "./posterior.ts";
export type { Prior } from "./prior/prior.ts";
export { type Random, randomStream, type Seed } from "./random.ts";
export { reduce } from "./reduce.ts";
export { absoluteRegularization, regularizationFor } from "./regularization.ts";
export {
  accumulate,
  lowerBound,
  merge,
  type StatisticsLayout,
  type SufficientStatistics,
  statisticsLayout,
  zero,
} from "./sufficient-statistics.ts";
export { type Summary, summarize } from "./summary.ts";
export {
  type Allocate,
  allocateTiles,
  type Dtype,
  readPoint,
  sealTiles,
  type Tiles,
  type TilesShape,
  tileCount,
  tilesBetween,
  tilesBytes,
  withWeights,
  writeRows,
  writeWeights,
} from "./tiles.ts";
export type { Warning, WarningCode } from "./warnings.ts";
