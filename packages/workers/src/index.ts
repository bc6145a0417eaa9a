export { packsVectors } from "./compile.ts";
export type {
  EmArguments,
  EngineFitOptions,
  EnginePoints,
  FitResult,
  InitializeArguments,
  JobControl,
  LoadPointsOptions,
  MixtureArguments,
  QArguments,
  StartArguments,
} from "./engine/arguments.ts";
export { createEngine, Engine } from "./engine/engine.ts";
export { type EngineOptions, type ResolvedEngineOptions, resolveEngineOptions } from "./engine/options.ts";
export { allocatorUpTo, LoadedFile, LoadedPoints } from "./loaded-points.ts";
export { Run } from "./run.ts";
