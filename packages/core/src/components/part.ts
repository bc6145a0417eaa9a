import { scatterLength } from "../covariance/shape.ts";
import {
  LOG_LIKELIHOOD,
  type SufficientStatistics,
  statisticsLayout,
  WEIGHT_TOTAL,
} from "../statistics/sufficient-statistics.ts";
import type { Question } from "./judgement.ts";

/** Components [first, end). */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** The same question about some of the components; what its arrays hold is a copy, or a view. */
export function partOf(question: Question, range: Range): Question {
  const { statistics, old } = question;
  const { features, covarianceType } = statistics.layout;
  const matrix = scatterLength(1, features, covarianceType);
  return {
    ...question,
    statistics: statisticsOf(statistics, range),
    old: old && {
      weights: rows(old.weights, 1, range),
      packedCovariances: rows(old.packedCovariances, matrix, range),
      factors: rows(old.factors, matrix, range),
    },
  };
}

/** The statistics of some components; the totals are those of all points. */
function statisticsOf(statistics: SufficientStatistics, range: Range): SufficientStatistics {
  const { layout, pivots, frames, sums, errors } = statistics;
  const { features, covarianceType } = layout;
  const own = statisticsLayout(range.end - range.first, features, covarianceType);
  const matrix = scatterLength(1, features, covarianceType);
  const partOfSlot = (slot: Float64Array) => {
    const part = new Float64Array(own.length);
    part[LOG_LIKELIHOOD] = slot[LOG_LIKELIHOOD];
    part[WEIGHT_TOTAL] = slot[WEIGHT_TOTAL];
    part.set(rows(slot.subarray(layout.responsibilitySums), 1, range), own.responsibilitySums);
    part.set(rows(slot.subarray(layout.weightedSums), features, range), own.weightedSums);
    part.set(rows(slot.subarray(layout.scatter), matrix, range), own.scatter);
    return part;
  };
  const framed = frames.framed.subarray(range.first, range.end);
  return {
    layout: own,
    pivots: rows(pivots, features, range),
    frames: { framed, factors: framed.some((flag) => flag > 0) ? rows(frames.factors, matrix, range) : NO_FACTORS },
    sums: partOfSlot(sums),
    errors: partOfSlot(errors),
  };
}

/** Of components without frames. */
const NO_FACTORS = new Float64Array(0);

function rows(values: Float64Array, width: number, { first, end }: Range): Float64Array {
  return values.subarray(first * width, end * width);
}
