import { placeInArray, requireTotal, type Tiles } from "@emix/core";
import { badSavedPoints } from "../errors.ts";
import type { SavedHeader } from "./saved-layout.ts";

/** What of the points lies in memory. */
export interface SavedArrays extends Pick<Tiles, "pointWeights" | "dropped" | "order"> {
  readonly data: Float64Array | Float32Array | null;
}

/** Refuses arrays that no points have, whatever the checksum says. @throws BAD_FILE, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT */
export function requireSound(
  { count }: SavedHeader,
  { pointWeights, dropped, order }: SavedArrays,
  path: string,
): void {
  const areSound =
    (pointWeights === null || areWeights(pointWeights, count)) &&
    (dropped === null || areAscending(dropped, count + dropped.length)) &&
    (order === null || isPermutation(order));
  if (!areSound) throw badSavedPoints(path, "it is damaged");
}

/** in: weights, with those of padding, which are 0 */
function areWeights(weights: Float64Array, count: number): boolean {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0) || (i >= count && weights[i] !== 0)) return false;
    total += weights[i];
  }
  requireTotal(total, placeInArray());
  return true;
}

function areAscending(rows: Uint32Array, end: number): boolean {
  return rows.every((row, i) => row < end && (i === 0 || row > rows[i - 1]));
}

function isPermutation(order: Uint32Array): boolean {
  const seen = new Uint8Array(order.length);
  for (let i = 0; i < order.length; i++) {
    if (order[i] >= order.length || seen[order[i]] === 1) return false;
    seen[order[i]] = 1;
  }
  return true;
}
