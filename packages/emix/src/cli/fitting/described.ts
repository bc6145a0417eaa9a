import { type GaussianMixture, weightedMean, weightTotal } from "@emix/core";
import type { FitResult } from "@emix/workers";
import { type Criteria, type Description, inColumns, scoreAndCriteria } from "../../description.ts";
import { type Numbering, renumber } from "./order.ts";
import { type FitOfColumns, inOwnUnits, type PreparedPoints } from "./provenance.ts";

export interface DescribedFit {
  readonly fitted: FitOfColumns;
  /** null after variational inference, whose bound they do not go with */
  readonly criteria: Criteria | null;
  /** what a mean log density of the columns themselves is more than one of their transforms */
  readonly volume: number;
  /** weight of all points */
  readonly total: number;
}

/**
 * Numbers the components of a result and takes one look at all points with it, for criteria and outliers.
 * in: describe, takes that look
 */
export async function describeResult(
  prepared: PreparedPoints,
  { result: fitted, numbering }: { readonly result: FitResult; readonly numbering: Numbering },
  describe: (mixture: GaussianMixture) => Promise<Description>,
): Promise<DescribedFit> {
  const { points, volumes } = prepared;
  const { tiles } = points;
  const numbered = renumber(fitted, numbering, prepared);
  const { mixture } = numbered;
  const description = inColumns(await describe(mixture), volumes);
  const volume = volumes === null ? 0 : weightedMean(volumes, tiles.pointWeights);
  // The bound of variational inference is a sum over all points.
  const total = weightTotal(tiles.count, tiles.pointWeights);
  const { score, criteria } = scoreAndCriteria(mixture, tiles, description);
  const shifted = inOwnUnits(numbered, (mixture.posterior ? total : 1) * volume);
  // As the renumbered mixture scores, to the last bit.
  const lowerBound = mixture.posterior ? shifted.lowerBound : score;
  const result = { ...shifted, lowerBound };
  return { fitted: { result, description }, criteria: mixture.posterior ? null : criteria, volume, total };
}
