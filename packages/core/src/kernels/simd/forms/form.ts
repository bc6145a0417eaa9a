import type { MatrixKind } from "../../../covariance/types.ts";
import type { DensityLayout } from "../../../mixture/density.ts";
import type { StatisticsLayout } from "../../../statistics/sufficient-statistics.ts";
import type { ComponentLayout, TrianglePlace } from "../arithmetic/component.ts";
import type { Kept } from "../arithmetic/survivors.ts";
import type { Numbers, Setting } from "../language/setting.ts";
import type { Routine } from "../language/wasm.ts";

/** The code of a covariance type; each routine treats one component and a group of tiles. */
export interface FormCode {
  /** in: component, shared, points … pointsEnd; out: joint, log joint densities */
  readonly density: Routine;
  /** in: component, runs … runsEnd of points, joint, scales, list; out: sums and sharedSums, added to */
  readonly moments: Routine;
  /** as `moments`, the scatter of u = F z; in: shared too */
  readonly framedMoments?: Routine;
  /** in: shared, points … pointsEnd; out: whitened, W(x − p) */
  readonly whiten?: Routine;
  /** as `density`, from whitened points */
  readonly whitenedDensity?: Routine;
}

/** Where a form keeps frames (frames.ts), and how: a triangle of `length` numbers each. */
interface FrameForm extends TrianglePlace {
  readonly length: number;
  /** Writes a packed triangle, in the order in which the code reads it. */
  pack(triangles: Float64Array, from: number, out: Numbers): void;
}

/** What a covariance type brings to a kernel: how its numbers lie in memory, and its code. */
export interface Form {
  readonly matrix: MatrixKind;
  readonly component: ComponentLayout;
  /** numbers that all components share, laid out like a component's */
  readonly shared: ComponentLayout | null;
  /** what the soft-max leaves of a component for its sums: √r for those by u uᵀ, r for those by (r z) zᵀ */
  readonly keeps: Kept;
  /** sums of a component, N first, and sums that all components share; each has a partial sum per lane */
  readonly sums: number;
  readonly sharedSums: number;
  /** null: none, as of covariances without correlations and in f32 */
  readonly frame: FrameForm | null;
  /** where the fixed addresses of the code end */
  readonly scratchEnd: number;
  code(setting: Setting): FormCode;
  /** Writes the factor of a component, in the order in which the code reads it. */
  packFactor(parameters: Float64Array, density: DensityLayout, component: number, out: Numbers): void;
  /**
   * Writes what the components share: a pivot and a factor.
   * out: true if the densities are to be taken from whitened points
   */
  packShared?(parameters: Float64Array, density: DensityLayout, pivot: Numbers, factor: Numbers): boolean;
  /**
   * Writes a component's sums, lanes already added, into the slot. The scatter of the slot is 0 before the first
   * component's, so that components that share one add to it.
   */
  unpackSums(sums: Float64Array, statistics: StatisticsLayout, component: number, slot: Float64Array): void;
  unpackSharedSums?(sums: Float64Array, statistics: StatisticsLayout, slot: Float64Array): void;
}
