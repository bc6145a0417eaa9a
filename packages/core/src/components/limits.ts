import type { Covariances, Floored } from "../covariance/covariances.ts";
import type { Estimated } from "./estimate.ts";
import { type Verdict, verdicts } from "./resolution/collapse.ts";
import type { Resolution } from "./resolution/resolution.ts";
import type { Regularized } from "./shrinking.ts";

/** What floor, ridge and the resolution of the points make of the covariances of an estimate, each by itself. */
export interface Limited extends Pick<Covariances, "packedCovariances" | "factors"> {
  readonly floored: readonly Floored[];
  /** of components without mass, they mean nothing */
  readonly verdicts: readonly Verdict[];
}

/** in: regularized, the covariances of the estimate after floor and ridge */
export function limitedBy(given: Estimated, regularized: Regularized, resolution: Resolution): Limited {
  const { packedCovariances, factors, floored } = regularized;
  // Shares of the mass, which say what is empty, may follow a prior that is not known here.
  const masses = new Float64Array(given.masses.length).fill(1);
  return { packedCovariances, factors, floored, verdicts: verdicts({ ...given, masses }, resolution) };
}
