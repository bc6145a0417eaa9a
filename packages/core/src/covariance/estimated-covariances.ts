import { zeros } from "../linear-algebra/doubles.ts";
import type { Columns } from "../linear-algebra/low-rank.ts";
import { type Covariances, packedCovariances, packedOf, type Shape } from "./covariances.ts";
import { matrixForm } from "./forms.ts";
import type { Scatter, ScatterPart } from "./matrix.ts";

/** The statistics of a step, in the form from which covariances are estimated. */
export interface Moments extends Shape {
  /** S, `scatterLength` numbers */
  readonly scatter: Float64Array;
  /** N, k */
  readonly masses: Float64Array;
  /** δ = s/N, k × d, and the remainder of the division */
  readonly shifts: Float64Array;
  readonly shiftRests: Float64Array;
  /** k: whether the scatter is taken in the frame of `frames`, which is packed like factors */
  readonly framed: Int8Array;
  readonly frames: Float64Array;
  /** k × d: the variance of the rounding of each mean, which replaces a variance of exactly 0 */
  readonly least: Float64Array;
}

/** Covariances of an M-step, with measures of how far they can be trusted; k each, as in `EstimatedMatrix`. */
export interface EstimatedCovariances extends Covariances {
  readonly inflations: Float64Array;
  readonly singular: Uint8Array;
}

/** The M-step of the covariances (derivation.md eq. 9–12). Entries of components without mass have no meaning. */
export function estimateCovariances(moments: Moments): EstimatedCovariances {
  const { components, features, covarianceType } = moments;
  const inflations = zeros(components);
  const singular = new Uint8Array(components);
  const directions = new Array<Columns | undefined>(components).fill(undefined);
  const covariances = packedCovariances(moments, (group) => {
    const estimated = matrixForm(covarianceType).estimate(scatterOf(moments, group, features));
    for (const component of group) {
      inflations[component] = estimated.inflation;
      singular[component] = Number(estimated.singular);
      directions[component] = estimated.directions;
    }
    return estimated;
  });
  return { ...covariances, inflations, singular, directions };
}

function scatterOf(moments: Moments, group: readonly number[], features: number): Scatter {
  const { masses, shifts, shiftRests, framed, frames } = moments;
  const parts: ScatterPart[] = [];
  const least = zeros(features).fill(Number.POSITIVE_INFINITY);
  let mass = 0;
  let inFrame = false;
  for (const component of group) {
    if (framed[component] > 0) inFrame = true;
    if (group.length > 1 && masses[component] === 0) continue;
    const [start, end] = [component * features, (component + 1) * features];
    mass += masses[component];
    parts.push({
      mass: masses[component],
      shift: shifts.subarray(start, end),
      shiftRest: shiftRests.subarray(start, end),
    });
    for (let j = 0; j < features; j++) least[j] = Math.min(least[j], moments.least[start + j]);
  }
  return {
    sums: packedOf(moments.scatter, moments, group[0]),
    mass,
    parts,
    frame: inFrame ? packedOf(frames, moments, group[0]) : null,
    least,
  };
}
