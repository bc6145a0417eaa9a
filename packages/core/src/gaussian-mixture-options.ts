import type { CovarianceType } from "./covariance/types.ts";
import type { Responsibilities } from "./fit/initialization/from-responsibilities.ts";
import type { Seed } from "./random.ts";

// What the methods of GaussianMixture take and give.

/** What counts of the points. */
export interface PointWeightsOption {
  /** n, finite and 0 or more; default all 1 */
  readonly pointWeights?: ArrayLike<number>;
}

/** What `GaussianMixture.fromPointsAndAssignmentProbs` takes besides the points. */
export interface AssignmentOptions extends PointWeightsOption {
  /** n × k, flat row-major or rows */
  readonly assignmentProbs: Responsibilities;
  /** Default "full". */
  readonly covarianceType?: CovarianceType;
  /** `{ absolute: ε }` adds ε to every diagonal entry. Default 0. */
  readonly regularization?:
    | 0
    | {
        /** ε, 0 or more */
        readonly absolute: number;
      };
}

/** What the method `sample` takes besides the count. */
export interface SampleOptions {
  /** The same seed draws the same points. Default 0. */
  readonly seed?: Seed;
}

/** Points that were drawn. */
export interface Sample {
  /** count × d, row-major */
  readonly points: Float64Array;
  /** count: the component that each point was drawn from */
  readonly labels: Int32Array;
}

/** What the method `outlier` takes besides the fraction. */
export interface OutlierOptions {
  /** The log density below which a point is an outlier. Default: the quantile of these points at `fraction`. */
  readonly threshold?: number;
}
