import type { MovedMeans } from "../../components/estimate.ts";
import { packedOf, type Shape } from "../../covariance/covariances.ts";
import { type TriangleRoom, triangleRoom } from "../../covariance/estimate.ts";
import type { Scatter, ScatterPart } from "../../covariance/matrix.ts";
import { zeros } from "../../linear-algebra/doubles.ts";
import { statisticsLayout } from "../../statistics/sufficient-statistics.ts";
import { type OwnMixture, ownMixture } from "./own-mixture.ts";

/** A mixture, and how far its means moved. */
interface Side {
  readonly mixture: OwnMixture;
  readonly moved: MovedMeans;
}

/** A scatter whose mass is written over. */
interface OwnScatter extends Scatter {
  mass: number;
  readonly parts: readonly [ScatterPart & { mass: number }];
}

/** The memory of short steps by components that have a triangle each. Every step writes it over. */
export interface ShortRoom {
  readonly shape: Shape;
  /** the mixture with which a step begins, and the next one */
  began: Side;
  next: Side;
  /** `statisticsLayout` */
  readonly slot: Float64Array;
  /** in the slot: N, k; s, k × d; and S of each component */
  readonly masses: Float64Array;
  readonly sums: Float64Array;
  readonly scatters: readonly OwnScatter[];
  /** k × d: `leastVariances` */
  readonly least: Float64Array;
  /** d: the resolution of the points at a component */
  readonly steps: Float64Array;
  readonly triangle: TriangleRoom;
}

export function shortRoom(shape: Shape): ShortRoom {
  const { components, features, covarianceType } = shape;
  const { length, responsibilitySums, weightedSums, scatter } = statisticsLayout(components, features, covarianceType);
  const width = components * features;
  const row = (values: Float64Array, c: number) => values.subarray(c * features, (c + 1) * features);
  const [slot, shifts, shiftRests, least] = [zeros(length), zeros(width), zeros(width), zeros(width)];
  const side = () => {
    const mixture = ownMixture(shape);
    return { mixture, moved: { shifts, shiftRests, means: mixture.means, meansResidual: mixture.meansResidual } };
  };
  return {
    ...{ shape, slot, least },
    began: side(),
    next: side(),
    masses: slot.subarray(responsibilitySums, weightedSums),
    sums: slot.subarray(weightedSums, scatter),
    scatters: Array.from({ length: components }, (_, c) => ({
      sums: packedOf(slot.subarray(scatter), shape, c),
      mass: 0,
      parts: [{ mass: 0, shift: row(shifts, c), shiftRest: row(shiftRests, c) }],
      frame: null,
      least: row(least, c),
    })),
    steps: zeros(features),
    triangle: triangleRoom(features),
  };
}
