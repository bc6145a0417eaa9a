import type { KernelProgram } from "../kernels/dispatch.ts";
import type { Mixture } from "../mixture/mixture.ts";
import type { AnyExecutor } from "./executor.ts";
import { expectationWork } from "./work.ts";

/** The kernel for a mixture: with the executor's arithmetic, or with doubles if `exact`. */
export function programFor(
  { tiles, programs, arithmetic }: Pick<AnyExecutor, "tiles" | "programs" | "arithmetic">,
  { components, covarianceType }: Mixture,
  exact: boolean,
): KernelProgram {
  const { features, dtype, tileSize, count } = tiles;
  const shape = { features, components, covarianceType, dtype, tileSize };
  return programs.get(shape, expectationWork(count, shape), exact ? "f64" : arithmetic);
}

/** The same for an evaluation. */
export function evaluationProgramFor(
  { tiles, programs, arithmetic }: Pick<AnyExecutor, "tiles" | "programs" | "arithmetic">,
  { components, covarianceType }: Mixture,
  exact: boolean,
): KernelProgram {
  const { features, dtype, tileSize, count } = tiles;
  const shape = { features, components, covarianceType, dtype, tileSize };
  return programs.evaluation(shape, expectationWork(count, shape), exact ? "f64" : arithmetic);
}
