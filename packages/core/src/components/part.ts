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

/** Some components: neighbours, or any, rising. */
type Some = Range | readonly number[];

/** The same question about some of the components; what its arrays hold is a copy, or a view. */
export function partOf(question: Question, some: Some): Question {
  const { statistics, old } = question;
  const { features, covarianceType } = statistics.layout;
  const matrix = scatterLength(1, features, covarianceType);
  return {
    ...question,
    statistics: statisticsOf(statistics, some),
    old: old && {
      weights: rows(old.weights, 1, some),
      packedCovariances: rows(old.packedCovariances, matrix, some),
      factors: rows(old.factors, matrix, some),
    },
  };
}

/** The statistics of some components; the totals are those of all points. */
function statisticsOf(statistics: SufficientStatistics, some: Some): SufficientStatistics {
  const { layout, pivots, frames, sums, errors } = statistics;
  const { features, covarianceType } = layout;
  const own = statisticsLayout(countOf(some), features, covarianceType);
  const matrix = scatterLength(1, features, covarianceType);
  const partOfSlot = (slot: Float64Array) => {
    const part = new Float64Array(own.length);
    part[LOG_LIKELIHOOD] = slot[LOG_LIKELIHOOD];
    part[WEIGHT_TOTAL] = slot[WEIGHT_TOTAL];
    part.set(rows(slot.subarray(layout.responsibilitySums), 1, some), own.responsibilitySums);
    part.set(rows(slot.subarray(layout.weightedSums), features, some), own.weightedSums);
    part.set(rows(slot.subarray(layout.scatter), matrix, some), own.scatter);
    return part;
  };
  const framed = rows(frames.framed, 1, some);
  return {
    layout: own,
    pivots: rows(pivots, features, some),
    frames: { framed, factors: framed.some((flag) => flag > 0) ? rows(frames.factors, matrix, some) : NO_FACTORS },
    sums: partOfSlot(sums),
    errors: partOfSlot(errors),
  };
}

/** Of components without frames. */
const NO_FACTORS = new Float64Array(0);

function countOf(some: Some): number {
  return "first" in some ? some.end - some.first : some.length;
}

function rows<T extends Float64Array | Int8Array>(values: T, width: number, some: Some): T {
  if ("first" in some) return values.subarray(some.first * width, some.end * width) as T;
  const own = values.slice(0, some.length * width) as T;
  some.forEach((component, i) => {
    own.set(values.subarray(component * width, (component + 1) * width), i * width);
  });
  return own;
}
