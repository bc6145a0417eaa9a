import { scatterLength } from "../../covariance/shape.ts";
import { badStatistics } from "../../mixture/errors.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { type SufficientStatistics, statisticsLayout, weightTotal } from "../../statistics/sufficient-statistics.ts";

/** The numbers of statistics as JSON, with every bit. `StatisticsLayout` says which sum is where. */
export interface StatisticsNumbers {
  /** k × d: what the sums are measured from */
  readonly pivots: number[];
  /** k: 1 for a component whose scatter is measured in a frame */
  readonly framed: number[];
  /** the frames, packed like factors */
  readonly frames: number[];
  /** the statistics */
  readonly sums: number[];
  /** what their additions rounded away */
  readonly errors: number[];
}

export function numbersOf({ pivots, frames, sums, errors }: SufficientStatistics): StatisticsNumbers {
  return {
    pivots: [...pivots],
    framed: [...frames.framed],
    frames: [...frames.factors],
    sums: [...sums],
    errors: [...errors],
  };
}

/** The inverse of `numbersOf`. in: a mixture of their shape. @throws BAD_MODEL_FILE */
export function statisticsFrom(
  given: Partial<Record<keyof StatisticsNumbers, unknown>>,
  { components, features, covarianceType }: Mixture,
): SufficientStatistics {
  const layout = statisticsLayout(components, features, covarianceType);
  const read = (name: keyof StatisticsNumbers, length: number) => {
    const values = given[name];
    const isWhole = Array.isArray(values) && values.length === length && values.every(Number.isFinite);
    if (!isWhole) throw badStatistics(name, values);
    return Float64Array.from(values);
  };
  const statistics = {
    layout,
    pivots: read("pivots", components * features),
    frames: {
      framed: Int8Array.from(read("framed", components)),
      factors: read("frames", scatterLength(components, features, covarianceType)),
    },
    sums: read("sums", layout.length),
    errors: read("errors", layout.length),
  };
  if (!(weightTotal(statistics) > 0)) throw badStatistics("sums", given.sums);
  return statistics;
}
