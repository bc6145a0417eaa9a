import type { Shape } from "../../covariance/covariances.ts";
import type { ManyTriangles } from "../../covariance/estimates/many-triangles.ts";
import { covarianceRow } from "../../covariance/types.ts";
import type { SimdProgram } from "../../kernels/simd/host/compiled.ts";
import { simdTriangles } from "../../kernels/simd/host/triangles/simd-triangles.ts";
import { type AnyExecutor, type Executor, isLocal } from "../executor.ts";
import { componentsWork } from "../work.ts";

/** With fewer components a module is not worth compiling. */
const MANY_COMPONENTS = 256;

/** With more features, the triangles of four components take more room than they save time. */
const MOST_FEATURES = 256;

/** The program for triangles side by side; null where components share theirs, have none, or are few, and where these are large. */
export function trianglesProgram({ programs }: Executor, shape: Shape): SimdProgram | null {
  const { components, features, covarianceType } = shape;
  const { matrix, shared } = covarianceRow(covarianceType);
  if (matrix !== "triangle" || shared || features < 2 || features > MOST_FEATURES) return null;
  if (components < MANY_COMPONENTS) return null;
  return programs.triangles(features, componentsWork(shape));
}

/** What computes triangles side by side in this thread; null as above. */
export function trianglesHere(executor: AnyExecutor, shape: Shape): ManyTriangles | null {
  const program = isLocal(executor) ? trianglesProgram(executor, shape) : null;
  return program && simdTriangles(program, shape.features);
}
