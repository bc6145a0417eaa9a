import type { Regularization } from "../covariance/regularization.ts";
import type { SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import { type Belief, blendConjugate, sparesFactors } from "./conjugate.ts";
import { doubts } from "./doubts.ts";
import { type Estimated, estimated } from "./estimate.ts";
import type { Limited } from "./limited.ts";
import { limitedBy } from "./limits.ts";
import type { Resolution } from "./resolution/resolution.ts";
import { lazily, type Old, regularizedCopy } from "./shrinking.ts";

/** What an E-step asks about the components that it measured, as plain data. */
export interface Question {
  readonly statistics: SufficientStatistics;
  readonly belief: Belief | null;
  readonly regularization: Regularization;
  /** what responsibilities belong to, if the rule of zero may have rounded them */
  readonly old: Old | null;
  /** false: nothing is doubted, for it cannot be measured again */
  readonly open: boolean;
  /** null: the M-step looks by itself what floor, ridge and resolution make of the covariances */
  readonly resolution: Resolution | null;
}

/** What the statistics say, each component by itself. */
export interface Judgement {
  /** from the points alone: without covariances if the belief does not ask for them */
  readonly data: Estimated;
  /** with the prior */
  readonly met: Estimated;
  /** components whose statistics are not accurate enough */
  readonly doubtful: readonly number[];
  /** of `met`; undefined if nobody asked */
  readonly limited?: Limited;
}

/** @throws OVERFLOW */
export function judgementOn({ statistics, belief, regularization, old, open, resolution }: Question): Judgement {
  const rough = belief !== null && sparesFactors(belief);
  const data = estimated(statistics, rough);
  const met = belief === null ? data : blendConjugate(data, belief, rough);
  const floored = lazily(() => regularizedCopy(met, regularization));
  const doubtful = open ? doubts(met, floored, regularization, old) : [];
  return {
    data: belief === null || belief.asksPoints ? data : withoutCovariances(data),
    met,
    doubtful,
    ...(resolution && { limited: limitedBy(met, floored(), resolution) }),
  };
}

const NONE = new Float64Array(0);

function withoutCovariances(data: Estimated): Estimated {
  return { ...data, packedCovariances: NONE, factors: NONE };
}
