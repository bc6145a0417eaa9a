export { readCheckpoint } from "./checkpoint/checkpoint.ts";
export type { CheckpointOption } from "./checkpoint/option.ts";
export type { CloseOptions } from "./engine/close.ts";
export { Engine } from "./engine/engine.ts";
export type {
  BootstrapOptions,
  CriterionOptions,
  EmOptions,
  EmStep,
  EngineClusterOptions,
  EngineFitOptions,
  EnginePoints,
  EngineSampleOptions,
  EvaluateOptions,
  FitResult,
  InitializeOptions,
  LoadOptions,
  MissingRowsOption,
  MixtureOptions,
  QOptions,
  ReceiveOptions,
  ResumeOptions,
  ScoreOptions,
  SignalOption,
  StartOptions,
  StreamOptions,
  TurnOption,
} from "./engine/methods/options.ts";
export { type EngineOptions, resolveEngineOptions } from "./engine/options.ts";
export type { PointsPiece, PointsReceiver } from "./intake/receiver.ts";
export { packsVectors } from "./kernels/compile.ts";
export { LoadedFile, LoadedPoints } from "./loaded-points.ts";
export { FitRun, Run } from "./run.ts";
