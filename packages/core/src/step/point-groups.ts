import { matrixCount, matrixStart, scatterLength } from "../covariance/shape.ts";
import { addSums, type CompensatedSums } from "../linear-algebra/compensated-sum.ts";
import { type Mixture, withoutComponents } from "../mixture/mixture.ts";
import type { Tiles } from "../points/tiles.ts";
import { framesOf, type Measure } from "../statistics/frames.ts";
import {
  LOG_LIKELIHOOD,
  noStatistics,
  type SufficientStatistics,
  statisticsLayout,
  WEIGHT_TOTAL,
} from "../statistics/sufficient-statistics.ts";

/** Points that may belong to some components alone, as plain data. */
export interface PointGroup {
  /** the points, in memory that all threads share; those that are no part of the group have weight 0 */
  readonly tiles: Tiles;
  /** rising */
  readonly components: readonly number[];
}

/** Takes the statistics of the points of a group under its part of the mixture. */
export type TakePart = (tiles: Tiles, part: Mixture, measure: Measure | undefined) => Promise<SufficientStatistics>;

/**
 * The statistics of all points where each may belong to some components alone (derivation.md §22): those of each group under
 * its components, whose weights stay as they are, added in the order of the groups.
 */
export async function statisticsOfGroups(
  groups: readonly PointGroup[],
  mixture: Mixture,
  measure: Measure | undefined,
  take: TakePart,
): Promise<SufficientStatistics> {
  const { features, covarianceType } = mixture;
  const layout = statisticsLayout(mixture.components, features, covarianceType);
  const total = noStatistics(layout, measure ?? { pivots: mixture.means, frames: framesOf(mixture) });
  for (const { tiles, components } of groups) {
    const part = partOf(mixture, components);
    const found = await take(tiles, part, measure && measureOf(measure, mixture, components));
    addPart(total, found, components);
  }
  return total;
}

function partOf(mixture: Mixture, components: readonly number[]): Mixture {
  const dropped = new Set(mixture.weights.keys());
  for (const component of components) dropped.delete(component);
  return dropped.size === 0 ? mixture : withoutComponents(mixture, dropped);
}

function measureOf({ pivots, frames }: Measure, { features, covarianceType }: Mixture, of: readonly number[]): Measure {
  const factors = new Float64Array(scatterLength(of.length, features, covarianceType));
  const own = new Float64Array(of.length * features);
  const framed = Int8Array.from(of, (component) => frames.framed[component]);
  const length = scatterLength(1, features, covarianceType);
  of.forEach((component, i) => {
    own.set(pivots.subarray(component * features, (component + 1) * features), i * features);
    const start = matrixStart(covarianceType, component, features);
    factors.set(frames.factors.subarray(start, start + length), matrixStart(covarianceType, i, features));
  });
  return { pivots: own, frames: { framed, factors } };
}

/** Adds the statistics of some components to those of all. */
function addPart(total: SufficientStatistics, part: SufficientStatistics, components: readonly number[]): void {
  const [to, from] = [total.layout, part.layout];
  const { features, covarianceType } = to;
  const add = (place: number, of: number, length: number) =>
    addSums(view(total, place, length), view(part, of, length));
  add(LOG_LIKELIHOOD, LOG_LIKELIHOOD, 1);
  add(WEIGHT_TOTAL, WEIGHT_TOTAL, 1);
  const matrix = scatterLength(1, features, covarianceType);
  components.forEach((component, i) => {
    add(to.responsibilitySums + component, from.responsibilitySums + i, 1);
    add(to.weightedSums + component * features, from.weightedSums + i * features, features);
    // A scatter that components share is added once.
    if (i >= matrixCount(covarianceType, components.length)) return;
    const [place, of] = [component, i].map((owner) => matrixStart(covarianceType, owner, features));
    add(to.scatter + place, from.scatter + of, matrix);
  });
}

function view({ sums, errors }: CompensatedSums, start: number, length: number): CompensatedSums {
  return { sums: sums.subarray(start, start + length), errors: errors.subarray(start, start + length) };
}
