// In the order of the flow: points → tiles → blocks → statistics → reduce → M-step → mixture.

export { COVARIANCE_TYPES, type CovarianceType, covarianceRow } from "./covariance/types.ts";
export { exponential } from "./elementary/exponential.ts";
export { logarithm } from "./elementary/logarithm.ts";
export {
  EmixError,
  type ErrorCode,
  type ErrorDetails,
  featuresMismatch,
  fromPlainError,
  invalidOption,
  type PlainError,
  resultsTooLarge,
  tooManyComponents,
  toPlainError,
} from "./errors.ts";
export { covarianceTypesOf, doAlone, type LoneJob, loneFlops } from "./fit/alone.ts";
export { STEPS_OF_REFIT } from "./fit/exchange/budget.ts";
export { type FitSurroundings, fit } from "./fit/fit.ts";
export type { FitStep } from "./fit/fit-step.ts";
export type { FittedStart, PlainFitResult } from "./fit/fitted.ts";
export type { AssignmentOptions, PointWeightsOption } from "./fit/initialization/from-assignments.ts";
export { openResponsibilities, type Responsibilities } from "./fit/initialization/from-responsibilities.ts";
export { fromKmeansPlusPlus, initialize, type PlainStart } from "./fit/initialization/initialize.ts";
export { numbersOf, type StatisticsNumbers, statisticsFrom } from "./fit/online/json.ts";
export { addAll, blendSums, factsOf, maximumOf, sameMeasure } from "./fit/online/online.ts";
export {
  absoluteRidge,
  nearestName,
  onlyKnown,
  requireBoolean,
  requireInteger,
  requireOneOf,
  requirePlainObject,
  requireRegularization,
  requireSeed,
} from "./fit/options/checks.ts";
export type { GivenStart } from "./fit/options/given-start.ts";
export type {
  FitOptions,
  FixedOption,
  GranularityOption,
  Inference,
  InitializationName,
  InitializationOption,
  KnownComponents,
  PriorOptions,
  RegularizationOption,
  ResolvedFitOptions,
  RestartStrategy,
} from "./fit/options/options.ts";
export { PRIOR_OPTIONS } from "./fit/options/prior-rows.ts";
export { resolveFitOptions } from "./fit/options/resolve.ts";
export { FIT_OPTIONS } from "./fit/options/rows.ts";
export {
  checkOptions,
  defaultInWords,
  defaultsOf,
  type Flag,
  integerFrom,
  type OptionRow,
  type OptionTable,
  oneOf,
} from "./fit/options/table.ts";
export { type FitPlan, type PlannedBytes, type PlanShape, planFit } from "./fit/plan.ts";
export { type FitState, isFitState } from "./fit/race/standing.ts";
export { plainRulesFor } from "./fit/rules.ts";
export { summarize } from "./fit/summary.ts";
export { type Bootstrap, type BootstrapPlan, bootstrap, type FailedResample } from "./fit/uncertainty/bootstrap.ts";
export { type BootstrapSettings, RESAMPLE_OPTIONS, resolveBootstrap } from "./fit/uncertainty/settings.ts";
export type { Spread } from "./fit/uncertainty/spread.ts";
export { type StandardErrors, standardErrors } from "./fit/uncertainty/standard-errors.ts";
export { GaussianMixture } from "./gaussian-mixture.ts";
export type {
  ClusterOptions,
  ConditionalOptions,
  OutlierOptions,
  RegressionOptions,
  Sample,
  SampleOptions,
} from "./gaussian-mixture-options.ts";
export {
  type Compilers,
  type KernelChoice,
  type KernelProgram,
  KernelPrograms,
  type KernelSettings,
  type UsedKernel,
} from "./kernels/dispatch.ts";
export type { Arithmetic, KernelKind } from "./kernels/kernel.ts";
export { KernelCache } from "./kernels/kernel-cache.ts";
export { type Listing, STAND } from "./kernels/pair-lists.ts";
export type { Compile, CompiledModule } from "./kernels/simd/host/compiled.ts";
export { fusesMultiplyAdd } from "./kernels/simd/host/fusing.ts";
export { openModule } from "./kernels/simd/host/open-module.ts";
export { simdSupported } from "./kernels/simd/host/probe.ts";
export type { CompensatedSums } from "./linear-algebra/compensated-sum.ts";
export { greatest, least } from "./linear-algebra/extremes.ts";
export { weightedMean, weightTotal } from "./linear-algebra/weighted-mean.ts";
export { withoutWeights } from "./mixture/conditional.ts";
export { densityLayout, logConstants, logDensityUnit } from "./mixture/density.ts";
export { badStatistics } from "./mixture/errors.ts";
export type { MixtureJson, PosteriorJson } from "./mixture/json.ts";
export type { Mixture } from "./mixture/mixture.ts";
export { type ComponentOrder, componentOrder, inOrder, matchingOrder } from "./mixture/order.ts";
export type { MixtureParameters, Numbers } from "./mixture/parameters.ts";
export type { Posterior } from "./mixture/posterior.ts";
export { aic, bic, parameterCount } from "./mixture/selection.ts";
export { inStoredUnits, inUnitsOfPoints } from "./mixture/units.ts";
export type { WeightConcentrationType } from "./mixture/weight-concentration.ts";
export {
  type Criterion,
  criteriaOf,
  criterionOf,
  type DescribedPoints,
  describe,
  logPosterior,
} from "./passes/answers/criteria.ts";
export {
  type AllOutputs,
  OUTPUT_NAMES,
  type OutputOptions,
  type Outputs,
  outputsOf,
  quantitiesAsked,
  TOP_QUANTITIES,
  type TopComponents,
  type TopOption,
  type TopOutput,
  topOf,
} from "./passes/answers/outputs.ts";
export { type BlockGrid, blockGrid, blockRange } from "./passes/blocks.ts";
export { type EvaluatedArrays, evaluate, evaluatedBytes, type Quantity, room } from "./passes/evaluation.ts";
export type { Executor, RemoteExecutor } from "./passes/executor.ts";
export { findNodes } from "./passes/find-nodes.ts";
export { runInThread } from "./passes/in-thread.ts";
export { orderPoints } from "./passes/order-points.ts";
export type { ExpectationPass, Pass } from "./passes/pass.ts";
export { sumSlots } from "./passes/reduce.ts";
export { expectedLogLikelihood } from "./passes/score.ts";
export type { Slots } from "./passes/slots.ts";
export { gridOf, openPass, passWork, slotLength } from "./passes/table.ts";
export { momentsLayout } from "./passes/tasks/moments.ts";
export { expectationWork } from "./passes/work.ts";
export {
  type FlatPoints,
  type MatrixLike,
  type NumberArray,
  openPoints,
  type PointsLike,
} from "./points/array-sources.ts";
export { beyondFloat32, noCompleteRow, nonFinitePoint, rowWithoutNumber, scaledStatistics } from "./points/errors.ts";
export { type Exponents, exponentsFor } from "./points/exponents.ts";
export { type ChosenPoints, gatherTiles } from "./points/gather.ts";
export { nodesIn, nodesLength } from "./points/nodes.ts";
export { areOrdered, pointsInSection } from "./points/order/order.ts";
export { type Place, placeInArray } from "./points/place.ts";
export { ofStoredPoints, overAllRows, placesOf, storedRows } from "./points/rows.ts";
export {
  completeRows,
  firstGap,
  type MissingOption,
  type NumberColumn,
  numberAt,
  type PointSource,
  type RowBatch,
  type RowCounts,
  rowMajorBatch,
} from "./points/source.ts";
export { storeTiles } from "./points/store-tiles.ts";
export { withPauses } from "./points/stretches.ts";
export {
  areInMemory,
  coordinates,
  type Dtype,
  readPoints,
  readTileWeights,
  rowsGiven,
  type TileReader,
  type Tiles,
  type TilesFacts,
  type TilesInMemory,
  tileCount,
  tileSizeFor,
  tilesBetween,
  tilesBytes,
} from "./points/tiles.ts";
export { streamTiles, type TilingOptions } from "./points/tiling.ts";
export { transformedParts } from "./points/transforms/transformed-parts.ts";
export { transformedSource } from "./points/transforms/transformed-source.ts";
export {
  logVolume,
  logVolumes,
  type PlaceOf,
  type Transform,
  transformNumber,
  transformsOf,
  transformTiles,
} from "./points/transforms/transforms.ts";
export { requireTotal, requireWeight, weightsOfRows, withWeights } from "./points/weights.ts";
export { clusterLabels, requireClusters } from "./queries/cluster-labels.ts";
export type { Coupling } from "./queries/coupling.ts";
export { mergeByEntropy } from "./queries/entropy-merging.ts";
export { marginal } from "./queries/marginal.ts";
export type { Clustering, Merging } from "./queries/merging.ts";
export { patternsOf, type RowPattern } from "./queries/patterns.ts";
export type { Regression } from "./queries/regression.ts";
export { type Random, randomStream, type Seed } from "./random.ts";
export { type Measure, measureLayout } from "./statistics/frames.ts";
export { mergePartials, nodesBetween, type PartialSums } from "./statistics/partial-sums.ts";
export { type SufficientStatistics, statisticsLayout } from "./statistics/sufficient-statistics.ts";
export { em } from "./step/em.ts";
export { plainStatistics } from "./step/expectation.ts";
export { type Iteration, startFrom } from "./step/iteration.ts";
export { openListsHere } from "./step/lists/here.ts";
export type { OpenLists } from "./step/lists/lists.ts";
export type { Acceleration, EmptyComponentPolicy, Schedule, StopRule } from "./step/policies.ts";
export type { Warning, WarningCode } from "./warnings.ts";
