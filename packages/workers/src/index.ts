export type { CloseOptions } from "./engine/close.ts";
export { Engine } from "./engine/engine.ts";
export type {
  CriterionOptions,
  EmOptions,
  EmStep,
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
  SignalOption,
  StartOptions,
  StreamOptions,
  TurnOption,
} from "./engine/method-options.ts";
export { type EngineOptions, resolveEngineOptions } from "./engine/options.ts";
export type { BootstrapOptions, EngineClusterOptions, ScoreOptions } from "./engine/question-options.ts";
export type { PointsPiece, PointsReceiver } from "./intake/receiver.ts";
export { packsVectors } from "./kernels/compile.ts";
export { LoadedFile, LoadedPoints } from "./loaded-points.ts";
export { Run } from "./run.ts";
