import { estimate } from "../../components/estimate.ts";
import type { CovarianceType } from "../../covariance/types.ts";
import { invalidOption } from "../../errors.ts";
import { pointAdder } from "../../kernels/reference/reference-form.ts";
import { add } from "../../linear-algebra/compensated-sum.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { ofStoredPoints } from "../../points/rows.ts";
import { firstPoint, rowsGiven, storedPoint, type Tiles } from "../../points/tiles.ts";
import { type Measure, noFrames } from "../../statistics/frames.ts";
import {
  noStatistics,
  type StatisticsLayout,
  type SufficientStatistics,
  statisticsLayout,
  WEIGHT_TOTAL,
} from "../../statistics/sufficient-statistics.ts";
import { maximum } from "../../step/maximization.ts";
import type { Rules } from "../../step/rules.ts";
import { firstLook, lookAgain } from "../../step/second-look.ts";

/** n × k responsibilities as callers have them: flat row-major, or a row for each point. */
export type Responsibilities = ArrayLike<number> | readonly ArrayLike<number>[];

/**
 * in: a row for each row of the points that was given; option, what it is called; out: points × k, as they are stored
 * @throws INVALID_OPTION unless they are rows of equal length, finite and ≥ 0 for every point that was kept
 */
export function openResponsibilities(
  given: Responsibilities,
  tiles: Pick<Tiles, "count" | "dropped" | "order">,
  option = "assignmentProbs",
): { flat: Float64Array; components: number } {
  const count = rowsGiven(tiles);
  if (typeof given !== "object" || given === null) throw invalidOption(option, "n × k numbers", given);
  const rows = typeof given[0] === "object" ? (given as readonly ArrayLike<number>[]) : null;
  const components = rows === null ? given.length / count : rows[0].length;
  if (!Number.isInteger(components) || components < 1) {
    throw invalidOption(option, `the same number of responsibilities for each of ${count} points`, given);
  }
  if (rows !== null && (rows.length !== count || Array.from(rows).some((row) => row?.length !== components))) {
    throw invalidOption(option, `${count} rows of ${components} numbers, one for each point`, given);
  }
  // An array that is none may claim any length; what it has in the end shows that before there is memory for it.
  const last = rows === null ? given[given.length - 1] : rows[count - 1][components - 1];
  if (last === undefined) throw invalidOption(option, `${components} numbers for each of ${count} points`, given);
  const flat = new Float64Array(count * components);
  const dropped = new Set(tiles.dropped);
  for (let row = 0; row < count; row++) {
    if (dropped.has(row)) continue;
    for (let c = 0; c < components; c++) {
      const value = rows === null ? (given as ArrayLike<number>)[row * components + c] : rows[row][c];
      if (!(typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY)) {
        throw invalidOption(`${option}[${row}][${c}]`, "finite and not negative", value);
      }
      flat[row * components + c] = value;
    }
  }
  return { flat: ofStoredPoints(tiles, flat, components), components };
}

/** n × k responsibilities, flat and row-major: finite and ≥ 0; rows need not add up to 1. */
export interface FlatResponsibilities {
  readonly flat: ArrayLike<number>;
  readonly components: number;
}

/**
 * One M-step from given responsibilities: a first pass finds the means, a second the scatter about them.
 * out: a mixture in stored units
 * @throws COLLAPSED_COMPONENT
 */
export function fromResponsibilities(
  tiles: Tiles,
  { flat, components }: FlatResponsibilities,
  covarianceType: CovarianceType,
  rules: Rules,
): Mixture {
  const origin = firstPoint(tiles);
  const pivots = Float64Array.from({ length: components * tiles.features }, (_, i) => origin[i % tiles.features]);
  const layout = statisticsLayout(components, tiles.features, covarianceType);
  const about = (measure: Measure) => statisticsAbout(tiles, flat, layout, measure);
  const located = estimate(about({ pivots, frames: noFrames(layout) }));
  let look = firstLook(about({ pivots: located.means, frames: noFrames(layout) }), rules);
  while (look.again !== null) look = lookAgain(look, about(look.again.measure), rules);
  return maximum(look.expected, rules).mixture;
}

function statisticsAbout(
  tiles: Tiles,
  responsibilities: ArrayLike<number>,
  layout: StatisticsLayout,
  measure: Measure,
): SufficientStatistics {
  const { count, features, pointWeights } = tiles;
  const { components } = layout;
  const statistics = noStatistics(layout, measure);
  const addPoint = pointAdder(statistics, layout, measure);
  const point = new Float64Array(features);
  for (let i = 0; i < count; i++) {
    const pointWeight = pointWeights === null ? 1 : pointWeights[i];
    if (pointWeight === 0) continue;
    storedPoint(tiles, i, point);
    add(statistics, WEIGHT_TOTAL, pointWeight);
    for (let component = 0; component < components; component++) {
      const weight = pointWeight * responsibilities[i * components + component];
      if (weight !== 0) addPoint(component, weight, point);
    }
  }
  return statistics;
}
