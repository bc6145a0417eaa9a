export { CancelFlag } from "./cancel.ts";
export type { CloseOptions } from "./engine/close.ts";
export { Engine } from "./engine/engine.ts";
export {
  type BootstrapOptions,
  type CriterionOptions,
  type EmOptions,
  type EmStep,
  type EngineClusterOptions,
  type EngineFitOptions,
  type EnginePoints,
  type EngineSampleOptions,
  type EvaluateOptions,
  type FitResult,
  type InitializeOptions,
  type LoadOptions,
  type MissingRowsOption,
  type MixtureOptions,
  parametersOf,
  type QOptions,
  type ReceiveOptions,
  type ScoreOptions,
  type SignalOption,
  type StartOptions,
  type StreamOptions,
  type TurnOption,
} from "./engine/method-options.ts";
export { type EngineOptions, resolveEngineOptions } from "./engine/options.ts";
export { aborted } from "./errors.ts";
export { Team } from "./executors/team.ts";
export type { PointsPiece, PointsReceiver } from "./intake/receiver.ts";
export { compilers, packsVectors } from "./kernels/compile.ts";
export { LoadedFile, LoadedPoints } from "./loaded-points.ts";
export { yieldToEvents } from "./pause.ts";
export { Run } from "./run.ts";
