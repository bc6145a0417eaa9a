import { EMPTY_MASS } from "../../components/estimate.ts";
import { MOST_SHRINKAGE } from "../../components/shrinking.ts";
import { inflationOf, MOST_INFLATION, shrinkageOf } from "../../covariance/conditioning.ts";
import type { Shape } from "../../covariance/covariances.ts";
import { twoSumError } from "../../elementary/rounding.ts";
import type { Kernel } from "../../kernels/kernel.ts";
import { sum } from "../../linear-algebra/sum.ts";
import { densityParameters, logDensityUnit } from "../../mixture/density.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { logVolume } from "../../points/exponents.ts";
import { type Tiles, tileCount } from "../../points/tiles.ts";
import { noFrames } from "../../statistics/frames.ts";
import { LOG_LIKELIHOOD, WEIGHT_TOTAL } from "../../statistics/sufficient-statistics.ts";
import { LEAST_KEPT } from "../expectation.ts";
import type { Rules } from "../rules.ts";
import { estimateNext } from "./estimate.ts";
import { keptOf, takeOver } from "./own-mixture.ts";
import { type ShortRoom, shortRoom } from "./room.ts";

/** What steps are taken with. */
export interface ShortContext {
  readonly tiles: Tiles;
  readonly kernel: Kernel;
  readonly rules: Pick<Rules, "regularization" | "resolution" | "emptyComponent">;
}

/**
 * Takes steps of EM over one block of points, by components that have a triangle each, in memory that is written over: so a
 * step leaves little garbage. It has the bits of `expectation` and `maximization`. Where anything about it is doubtful it is
 * refused: it may need a frame, a second look or a floor, or a component may be empty.
 */
export class ShortStep {
  readonly #room: ShortRoom;
  #lowerBound = Number.NEGATIVE_INFINITY;

  constructor(shape: Shape) {
    this.#room = shortRoom(shape);
  }

  /** mean log-likelihood of the mixture with which the step began */
  get lowerBound(): number {
    return this.#lowerBound;
  }

  /** The one with which the next step begins. */
  mixture(): Mixture {
    return keptOf(this.#room.began.mixture);
  }

  begin(mixture: Mixture): void {
    takeOver(this.#room.began.mixture, mixture);
  }

  /** Makes the next mixture. out: false: the step is refused */
  take(context: ShortContext): boolean {
    const room = this.#room;
    if (!this.#measure(context) || !keepsMass(room, context)) return false;
    return estimateNext(room, room.began.mixture.means, context.rules) && shrankLittle(room);
  }

  /** The M-step of points that belong to one component each. in: as of `fromLabels`. out: false: it is refused */
  label({ tiles, kernel, rules }: ShortContext, labels: Int32Array, centres: Float64Array): boolean {
    const { shape, slot } = this.#room;
    kernel.loadMeasure({ pivots: centres, frames: noFrames(shape) });
    kernel.moments({ tiles, first: 0, end: tileCount(tiles) }, labels, slot);
    return estimateNext(this.#room, centres, rules);
  }

  /** Goes on from the mixture that the step made. */
  goOn(): void {
    const room = this.#room;
    [room.began, room.next] = [room.next, room.began];
  }

  /** Fills the slot, by a mixture that needs no frames. */
  #measure({ tiles, kernel }: ShortContext): boolean {
    const { shape, began, slot } = this.#room;
    const { mixture } = began;
    for (const matrix of mixture.matrices) if (!(inflationOf(matrix, shape.features) <= MOST_INFLATION)) return false;
    kernel.load(densityParameters(mixture), false);
    kernel.expectation({ tiles, first: 0, end: tileCount(tiles) }, slot);
    const before = slot[LOG_LIKELIHOOD];
    const added = (logDensityUnit(mixture) + logVolume(tiles.exponents)) * slot[WEIGHT_TOTAL];
    const logLikelihood = before + added;
    this.#lowerBound = (logLikelihood + twoSumError(before, added, logLikelihood)) / slot[WEIGHT_TOTAL];
    return Number.isFinite(this.#lowerBound);
  }
}

/** No component is empty, or has lost nearly all of its mass. */
function keepsMass({ began, masses }: ShortRoom, { rules }: ShortContext): boolean {
  const { weights } = began.mixture;
  const total = sum(masses);
  const empty = rules.emptyComponent === "keep" ? 0 : EMPTY_MASS;
  for (let c = 0; c < masses.length; c++) {
    if (!(masses[c] >= weights[c] * total * LEAST_KEPT && masses[c] > empty * total)) return false;
  }
  return true;
}

function shrankLittle({ shape, slot, masses, began, next }: ShortRoom): boolean {
  for (let c = 0; c < masses.length; c++) {
    const lost = (began.mixture.weights[c] * slot[WEIGHT_TOTAL]) / masses[c];
    const shrinkage = shrinkageOf(began.mixture.matrices[c], next.mixture.matrices[c], shape.features);
    if (!(lost * shrinkage <= MOST_SHRINKAGE)) return false;
  }
  return true;
}
