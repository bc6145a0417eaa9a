export { CancelFlag } from "./cancel.ts";
export { type KeptFit, readKeptFit } from "./checkpoint/checkpoint.ts";
export { fingerprintWith } from "./checkpoint/fingerprint.ts";
export { keeperOf, orBadCheckpoint, surroundingsOf } from "./checkpoint/kept-fit.ts";
export { type CheckpointOption, planOf } from "./checkpoint/option.ts";
export type { CloseOptions } from "./engine/close.ts";
export { Engine } from "./engine/engine.ts";
export { parametersOf, requireStorage, requireStored } from "./engine/methods/checks.ts";
export type {
  CriterionOptions,
  EmOptions,
  EmStep,
  EngineFitOptions,
  EnginePoints,
  EvaluateOptions,
  FitResult,
  InitializeOptions,
  LoadOptions,
  MissingRowsOption,
  MixtureOptions,
  ReceiveOptions,
  ResumeOptions,
  SignalOption,
  StartOptions,
  StorageOption,
  StreamOptions,
  TurnOption,
  UpdateOptions,
} from "./engine/methods/options.ts";
export { type EngineOptions, resolveEngineOptions } from "./engine/options.ts";
export { tellSteps } from "./engine/steps.ts";
export { abortedWork, badSavedPoints } from "./errors.ts";
export { Team } from "./executors/team.ts";
export type { PointsPiece, PointsReceiver } from "./intake/receiver.ts";
export { compilers, kernelOfRows, packsVectors } from "./kernels/compile.ts";
export { fileOf, LoadedFile, LoadedPoints } from "./loaded-points.ts";
export { yieldToEvents } from "./pause.ts";
export {
  type AbsoluteRegularization,
  type MaximizeOptions,
  MixtureStatistics,
  maximize,
  mergeStatistics,
  type StatisticsJson,
} from "./questions/mixture-statistics.ts";
export type {
  BootstrapOptions,
  EngineClusterOptions,
  EngineSampleOptions,
  QOptions,
  ScoreOptions,
} from "./questions/question-options.ts";
export { FitRun, Run } from "./run.ts";
export { type SavedPoints, savedShape } from "./storage/open-points.ts";
export { onDisk, partBeside, replaceFile } from "./storage/replaced-file.ts";
export { storePoints } from "./storage/store-points.ts";
export { transformStored } from "./storage/transform-points.ts";
