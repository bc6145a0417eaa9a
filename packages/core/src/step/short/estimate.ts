import { MOST_MOVE } from "../../components/doubts.ts";
import { LEAST_MASS, leastVariances, movedMeans } from "../../components/estimate.ts";
import { NEAR, stepAt, thinnessOf } from "../../components/resolution/collapse.ts";
import type { Resolution } from "../../components/resolution/resolution.ts";
import { greatestRow, MOST_INFLATION } from "../../covariance/conditioning.ts";
import { estimateTriangle } from "../../covariance/estimate.ts";
import { clearlyAbove } from "../../covariance/floor.ts";
import { sum } from "../../linear-algebra/sum.ts";
import { triangleRow } from "../../linear-algebra/triangle.ts";
import { LEAST_NORMAL } from "../../mixture/units.ts";
import type { Rules } from "../rules.ts";
import type { ShortRoom } from "./room.ts";

/**
 * The M-step of the statistics in the slot, about `pivots`. out: next; false: something about it is doubtful, and `secondLook` and
 * `maximum` must see to it
 */
export function estimateNext(
  room: ShortRoom,
  pivots: Float64Array,
  { regularization: { floors }, resolution }: Pick<Rules, "regularization" | "resolution">,
): boolean {
  const { slot, masses, least, next } = room;
  for (let i = 0; i < slot.length; i++) {
    slot[i] += 0; // as a sum with its error
    if (!Number.isFinite(slot[i])) return false;
  }
  for (let c = 0; c < masses.length; c++) if (!(masses[c] >= LEAST_MASS)) return false;
  const total = sum(masses);
  movedMeans(pivots, masses, room.sums, next.moved);
  leastVariances(next.moved.means, least);
  for (let c = 0; c < masses.length; c++) {
    next.mixture.weights[c] = masses[c] / total;
    if (!estimateMatrix(room, c)) return false;
    if (floors[0] > 0 && !clearlyAbove(next.mixture.matrices[c].factor, floors)) return false;
    if (!movedLittle(room, c, floors) || !isThick(room, c, resolution)) return false;
  }
  return true;
}

function estimateMatrix({ scatters, masses, triangle, next }: ShortRoom, component: number): boolean {
  const scatter = scatters[component];
  scatter.mass = masses[component];
  scatter.parts[0].mass = masses[component];
  const { covariance, factor, inflation, singular } = estimateTriangle(scatter, triangle);
  const matrix = next.mixture.matrices[component];
  matrix.covariance.set(covariance);
  matrix.factor.set(factor);
  return !singular && inflation <= MOST_INFLATION && allFinite(factor);
}

function allFinite(factor: Float64Array): boolean {
  let i = 0;
  while (i < factor.length && Number.isFinite(factor[i])) i++;
  return i === factor.length;
}

function movedLittle({ shape, next, scatters }: ShortRoom, component: number, floors: Float64Array): boolean {
  const { covariance } = next.mixture.matrices[component];
  const { shift } = scatters[component].parts[0];
  for (let j = 0; j < shape.features; j++) {
    const variance = covariance[triangleRow(j) + j];
    const isNormal = variance >= LEAST_NORMAL && variance < Number.POSITIVE_INFINITY;
    if (!isNormal || !(shift[j] ** 2 <= MOST_MOVE * Math.max(variance, floors[j]))) return false;
  }
  return true;
}

/** The resolution of the points does not show. */
function isThick({ next, steps: own }: ShortRoom, component: number, { steps, epsilon }: Resolution): boolean {
  const { means, matrices } = next.mixture;
  const { covariance, factor } = matrices[component];
  for (let j = 0, at = component * own.length; j < own.length; j++, at++) {
    own[j] = stepAt(means[at], covariance[triangleRow(j) + j], steps[j], epsilon);
  }
  return thinnessOf(greatestRow(factor, own)) < NEAR;
}
