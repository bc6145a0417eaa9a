import type { Covariances, FlooredComponent } from "../covariance/covariances.ts";
import type { Verdict } from "./resolution/verdict.ts";

/** What floor, ridge and the resolution of the points make of the covariances of an estimate, each by itself. */
export interface LimitedCovariances extends Pick<Covariances, "packedCovariances" | "factors"> {
  /** variance inflations of these covariances, k */
  readonly inflations: Float64Array;
  readonly floored: readonly FlooredComponent[];
  /** of components without mass, they mean nothing */
  readonly verdicts: readonly Verdict[];
}
