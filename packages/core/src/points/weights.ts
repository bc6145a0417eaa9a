import { invalidPointWeights, invalidWeight, weightCount, weightTotal, zeroTotalWeight } from "./errors.ts";
import { type Place, placeInArray } from "./place.ts";
import { type Allocate, rowsGiven, type Tiles } from "./tiles.ts";

/** Outside this range of totals, products with weights would overflow or underflow. */
const LEAST_TOTAL = 1e-250;
const GREATEST_TOTAL = 1e250;

/** Checks the weight of one point. @throws INVALID_WEIGHT */
export function requireWeight(value: unknown, place: () => Place): number {
  if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  throw invalidWeight(place(), value);
}

/** Checks the total weight. @throws ZERO_TOTAL_WEIGHT, INVALID_WEIGHT */
export function requireTotal(total: number, place: Place): void {
  if (total === 0) throw zeroTotalWeight(place);
  if (!(total >= LEAST_TOTAL && total <= GREATEST_TOTAL)) throw weightTotal(place, total);
}

/**
 * The same points with other weights; the coordinates are shared.
 * in: weights, one for each row that was given; those of dropped rows are ignored
 * @throws INVALID_OPTION, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT
 */
export function withWeights(tiles: Tiles, weights: ArrayLike<number>, allocate: Allocate): Tiles {
  if (typeof weights !== "object" || weights === null) throw invalidPointWeights(weights);
  const rows = rowsGiven(tiles);
  if (weights.length !== rows) throw weightCount(rows, weights.length);
  const pointWeights = new Float64Array(allocate((tiles.data.length / tiles.features) * 8));
  let point = 0;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    if (tiles.dropped?.[row - point] === row) continue;
    const weight = requireWeight(weights[row], () => placeInArray(row));
    pointWeights[point++] = weight;
    total += weight;
  }
  requireTotal(total, placeInArray(undefined, tiles.features));
  return { ...tiles, pointWeights };
}
