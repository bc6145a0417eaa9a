import {
  GaussianMixture,
  KernelCache,
  type KernelKind,
  KernelPrograms,
  openPass,
  slotLength,
  tileCount,
} from "@emix/core";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { expectationPass } from "../../packages/core/src/step/expectation.ts";
import { compilers } from "../../packages/workers/src/kernels/compile.ts";
import { draw } from "../data.ts";
import type { Workload } from "./workloads.ts";

/** E and M of a workload's tiles on this thread, by one kernel and nothing else: no reduction, no M-step. */
export interface KernelRun {
  /** not the one asked for where that does not compute this shape */
  readonly kernel: KernelKind;
  run(): void;
}

export function openKernelRun(workload: Workload, kernel: KernelKind): KernelRun {
  const { points, start } = draw(workload);
  const tiles = tilePoints(points);
  const executor = { tiles, programs: new KernelPrograms({ kernel }, compilers()), arithmetic: "f64" } as const;
  const pass = expectationPass(executor, GaussianMixture.fromParameters(start).parameters, { ruleOfZero: true });
  const kernels = new KernelCache();
  const task = openPass(pass, tiles, kernels);
  const slot = new Float64Array(slotLength(pass, tiles.features));
  return { kernel: kernels.get(pass.program).kind, run: () => task(0, tileCount(tiles), slot) };
}

/**
 * Useful flops of E and M for one point and component, the soft-max left out. Full: W z by its triangle and the upper
 * triangle of Σ r z zᵀ, d(d+1) each, and 6d around them. Tied: the product of E once a point, shared by all components.
 */
export function usefulFlops({ features: d, components, covarianceType }: Workload): number {
  const { matrix, shared } = covarianceRow(covarianceType);
  if (matrix !== "triangle") return 9 * d;
  return shared ? d * (d + 1) * (1 + 1 / components) + 6 * d : 2 * d * (d + 1) + 6 * d;
}
