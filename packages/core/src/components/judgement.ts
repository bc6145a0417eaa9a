import type { ManyTriangles } from "../covariance/estimates/many-triangles.ts";
import type { Regularization } from "../covariance/regularization.ts";
import { covarianceRow } from "../covariance/types.ts";
import type { SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import { type Belief, blendConjugate, sparesFactors } from "./conjugate.ts";
import { doubts } from "./doubts.ts";
import { type ComponentEstimates, estimateComponents } from "./estimate.ts";
import { limitCovariances } from "./limit-covariances.ts";
import type { LimitedCovariances } from "./limited-covariances.ts";
import type { Resolution } from "./resolution/resolution.ts";
import { lazy, type OldMixture, regularizedCopy } from "./shrinking.ts";

/** What an E-step asks about the components that it measured, as plain data. */
export interface Question {
  readonly statistics: SufficientStatistics;
  readonly belief: Belief | null;
  readonly regularization: Regularization;
  /** what responsibilities belong to, if the rule of zero may have rounded them */
  readonly old: OldMixture | null;
  /** false: nothing is doubted, for it cannot be measured again */
  readonly open: boolean;
  /** null: the M-step looks by itself what floor, ridge and resolution make of the covariances */
  readonly resolution: Resolution | null;
}

/** What the statistics say, each component by itself. */
export interface Judgement {
  /** from the points alone: without covariances if the belief does not ask for them */
  readonly data: ComponentEstimates;
  /** with the prior */
  readonly blended: ComponentEstimates;
  /** components whose statistics are not accurate enough */
  readonly doubtful: readonly number[];
  /** what the limits make of the covariances of `blended`, if somebody asked and each component has its own */
  readonly limited?: LimitedCovariances;
}

/** Can components be judged some at a time? Not if they share a covariance. */
export function areApart({ statistics }: Pick<Question, "statistics">): boolean {
  return !covarianceRow(statistics.layout.covarianceType).shared;
}

/** in: many, what computes triangles side by side, where there is something. @throws OVERFLOW */
export function judge(
  { statistics, belief, regularization, old, open, resolution }: Question,
  many: ManyTriangles | null = null,
): Judgement {
  const rough = belief !== null && sparesFactors(belief);
  const data = estimateComponents(statistics, rough, many);
  const blended = belief === null ? data : blendConjugate(data, belief, rough, many);
  const floored = lazy(() => regularizedCopy(blended, regularization));
  const doubtful = open ? doubts(blended, floored, regularization, old) : [];
  const asked = areApart({ statistics }) ? resolution : null;
  return {
    data: belief === null || belief.asksPoints ? data : withoutCovariances(data),
    blended,
    doubtful,
    ...(asked && { limited: limitCovariances(blended, floored(), asked) }),
  };
}

const NONE = new Float64Array(0);

function withoutCovariances(data: ComponentEstimates): ComponentEstimates {
  return { ...data, packedCovariances: NONE, factors: NONE };
}
