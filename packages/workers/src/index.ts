export { packsVectors } from "./compile.ts";
export {
  createEngine,
  type EmArguments,
  Engine,
  type EngineFitOptions,
  type EnginePoints,
  type FitResult,
  type InitializeArguments,
  type JobControl,
  type MixtureArguments,
  type QArguments,
  type StartArguments,
} from "./engine/engine.ts";
export { type EngineOptions, type ResolvedEngineOptions, resolveEngineOptions } from "./engine/options.ts";
export { allocatorUpTo, LoadedPoints } from "./loaded-points.ts";
export { Run } from "./run.ts";
