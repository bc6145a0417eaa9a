import { inflationsOf } from "../covariance/covariances.ts";
import type { ComponentEstimates } from "./estimate.ts";
import type { LimitedCovariances } from "./limited-covariances.ts";
import { verdicts } from "./resolution/collapse.ts";
import type { Resolution } from "./resolution/resolution.ts";
import type { RegularizedCovariances } from "./shrinking.ts";

/** in: regularized, the covariances of the estimate after floor and ridge */
export function limitCovariances(
  given: ComponentEstimates,
  regularized: RegularizedCovariances,
  resolution: Resolution,
): LimitedCovariances {
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
