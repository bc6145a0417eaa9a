import { inflationsOf } from "../covariance/covariances.ts";
import type { Estimated } from "./estimate.ts";
import type { Limited } from "./limited.ts";
import { verdicts } from "./resolution/collapse.ts";
import type { Resolution } from "./resolution/resolution.ts";
import type { Regularized } from "./shrinking.ts";

/** in: regularized, the covariances of the estimate after floor and ridge */
export function limitedBy(given: Estimated, regularized: Regularized, resolution: Resolution): Limited {
  const { packedCovariances, factors, floored } = regularized;
  // Shares of the mass, which say what is empty, may follow a prior that is not known here.
  const masses = new Float64Array(given.masses.length).fill(1);
  const found = verdicts({ ...given, masses }, resolution);
  return {
    packedCovariances,
    factors,
    inflations: inflationsOf(regularized, given.statistics.layout),
    floored,
    verdicts: found,
  };
}
