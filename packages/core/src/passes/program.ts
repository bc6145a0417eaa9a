import type { KernelProgram } from "../kernels/dispatch.ts";
import type { Arithmetic, KernelShape } from "../kernels/kernel.ts";
import type { Mixture } from "../mixture/mixture.ts";
import type { AnyExecutor } from "./executor.ts";
import { expectationWork } from "./work.ts";

type ProgramContext = Pick<AnyExecutor, "tiles" | "programs" | "arithmetic">;

/** The kernel for a mixture: with the executor's arithmetic, or with doubles if `exact`. */
export function programFor(executor: ProgramContext, mixture: Mixture, exact: boolean): KernelProgram {
  const { shape, work, arithmetic } = needsOf(executor, mixture, exact);
  return executor.programs.get(shape, work, arithmetic);
}

/** The same for an evaluation. */
export function evaluationProgramFor(executor: ProgramContext, mixture: Mixture, exact: boolean): KernelProgram {
  const { shape, work, arithmetic } = needsOf(executor, mixture, exact);
  return executor.programs.evaluation(shape, work, arithmetic);
}

function needsOf(
  { tiles, arithmetic }: ProgramContext,
  { components, covarianceType }: Mixture,
  exact: boolean,
): { shape: KernelShape; work: number; arithmetic: Arithmetic } {
  const { features, dtype, tileSize, count } = tiles;
  const shape = { features, components, covarianceType, dtype, tileSize };
  return { shape, work: expectationWork(count, shape), arithmetic: exact ? "f64" : arithmetic };
}
