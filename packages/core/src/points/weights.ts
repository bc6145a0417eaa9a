import { invalidPointWeights, invalidWeight, weightCount, weightTotal, zeroTotalWeight } from "./errors.ts";
import { inOrder } from "./order/order.ts";
import { type Place, placeInArray } from "./place.ts";
import { keptRuns } from "./rows.ts";
import { STRETCH, type Stretches } from "./stretches.ts";
import { type Allocate, rowsGiven, type Tiles, tileCount } from "./tiles.ts";

/** Outside this range of totals, products with weights would overflow or underflow. */
const LEAST_TOTAL = 1e-250;
const GREATEST_TOTAL = 1e250;

/** Weights as they come, that of row r at offset + r · stride. */
export interface WeightColumn {
  readonly values: ArrayLike<unknown>;
  readonly offset: number;
  readonly stride: number;
}

/** Weights of points that are being filled, with their total so far. */
export class WeightWriter {
  readonly weights: Float64Array;
  #total = 0;

  constructor(weights: Float64Array) {
    this.weights = weights;
  }

  /** Writes the weights of `count` rows, from `row` on, as those of the points from `point` on. out: false if one is none */
  write(point: number, { values, offset, stride }: WeightColumn, row: number, count: number): boolean {
    let total = this.#total;
    for (let i = 0, from = offset + row * stride; i < count; i++, from += stride) {
      const weight = values[from];
      if (!isWeight(weight)) return false;
      this.weights[point + i] = weight;
      total += weight;
    }
    this.#total = total;
    return true;
  }

  /** Checks the total weight. @throws ZERO_TOTAL_WEIGHT, INVALID_WEIGHT */
  requireTotal(place: Place): void {
    requireTotal(this.#total, place);
  }
}

/** Checks a total weight. @throws ZERO_TOTAL_WEIGHT, INVALID_WEIGHT */
export function requireTotal(total: number, place: Place): void {
  if (total === 0) throw zeroTotalWeight(place);
  if (!(total >= LEAST_TOTAL && total <= GREATEST_TOTAL)) throw weightTotal(place, total);
}

function isWeight(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY;
}

/** The weights that a caller gives, one for each row. @throws INVALID_OPTION, INVALID_WEIGHT */
export function openWeights(weights: ArrayLike<number>, rows: number): WeightColumn {
  if (typeof weights !== "object" || weights === null) throw invalidPointWeights(weights);
  if (weights.length !== rows) throw weightCount(rows, weights.length);
  return { values: weights, offset: 0, stride: 1 };
}

/** The weights of rows that all count, checked. @throws INVALID_OPTION, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT */
export function weightsOfRows(weights: ArrayLike<number>, rows: number): Float64Array {
  const writer = new WeightWriter(new Float64Array(rows));
  if (!writer.write(0, openWeights(weights, rows), 0, rows)) refuse(weights, 0);
  writer.requireTotal(placeInArray());
  return writer.weights;
}

/** The weight of one point, checked. @throws INVALID_WEIGHT */
export function requireWeight(value: unknown, place: Place): number {
  if (!isWeight(value)) throw invalidWeight(place, value);
  return value;
}

/** Names the caller's weights as a whole. */
export function givenWeights(features: number): Place {
  return placeInArray(undefined, features);
}

/**
 * The same points with other weights; the coordinates are shared.
 * in: weights, one for each row that was given; those of dropped rows are ignored
 * @throws INVALID_OPTION, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT
 */
export function* withWeights(tiles: Tiles, weights: ArrayLike<number>, allocate: Allocate): Stretches<Tiles> {
  const column = openWeights(weights, rowsGiven(tiles));
  const writer = new WeightWriter(new Float64Array(allocate(tileCount(tiles) * tiles.tileSize * 8)));
  for (const { point, row, count } of keptRuns(tiles)) {
    for (let done = 0; done < count; done += STRETCH) {
      const some = Math.min(STRETCH, count - done);
      if (!writer.write(point + done, column, row + done, some)) refuse(weights, row + done);
      yield;
    }
  }
  writer.requireTotal(givenWeights(tiles.features));
  if (tiles.order !== null) yield* inOrder(writer.weights, tiles.order);
  return { ...tiles, pointWeights: writer.weights };
}

/** Names the first weight, from a row on, that is none. */
function refuse(weights: ArrayLike<number>, row: number): never {
  for (let next = row; ; next++) requireWeight(weights[next], placeInArray(next));
}
