import { zeros } from "../../linear-algebra/doubles.ts";
import type { Columns } from "../../linear-algebra/low-rank.ts";
import { type Covariances, makeOthers, packedOf, roomForCovariances } from "../covariances.ts";
import { matrixForm } from "../forms.ts";
import type { Scatter, ScatterPart } from "../matrix.ts";
import type { ManyTriangles } from "./many-triangles.ts";
import type { Moments } from "./moments.ts";

/** Covariances of an M-step, with measures of how far they can be trusted; k each, as in `EstimatedMatrix`. */
export interface EstimatedCovariances extends Covariances {
  readonly inflations: Float64Array;
  readonly singular: Uint8Array;
}

/**
 * The M-step of the covariances (derivation.md eq. 9–12). Entries of components without mass have no meaning.
 * in: many, for triangles that components do not share
 */
export function estimateCovariances(moments: Moments, many: ManyTriangles | null = null): EstimatedCovariances {
  const { components, features, covarianceType } = moments;
  const inflations = zeros(components);
  const singular = new Uint8Array(components);
  const directions = Array.from({ length: components }, (): Columns | undefined => undefined);
  const estimate = matrixForm(covarianceType).estimator(features);
  const covariances = roomForCovariances(moments);
  const done = many?.estimate(moments, { ...covariances, inflations }) ?? null;
  makeOthers(covariances, moments, done, (group) => {
    const estimated = estimate(scatterOf(moments, group));
    for (const component of group) {
      inflations[component] = estimated.inflation;
      singular[component] = Number(estimated.singular);
      directions[component] = estimated.directions;
    }
    return estimated;
  });
  return { ...covariances, inflations, singular, directions };
}

function scatterOf(moments: Moments, group: readonly number[]): Scatter {
  const { masses, framed, frames, rough = false } = moments;
  const present = group.length === 1 ? group : group.filter((component) => masses[component] !== 0);
  const inFrame = group.some((component) => framed[component] > 0);
  return {
    sums: packedOf(moments.scatter, moments, group[0]),
    mass: present.reduce((sum, component) => sum + masses[component], 0),
    parts: present.map((component) => partOf(moments, component)),
    frame: inFrame ? packedOf(frames, moments, group[0]) : null,
    least: leastOf(moments, present),
    rough,
  };
}

function partOf({ features, masses, shifts, shiftRests }: Moments, component: number): ScatterPart {
  const [first, end] = [component * features, (component + 1) * features];
  return { mass: masses[component], shift: shifts.subarray(first, end), shiftRest: shiftRests.subarray(first, end) };
}

/** What replaces variances of 0: of components that share a covariance, the least. out: d */
function leastOf({ features, least }: Moments, present: readonly number[]): Float64Array {
  if (present.length === 1) return least.subarray(present[0] * features, (present[0] + 1) * features);
  const of = new Float64Array(features).fill(Number.POSITIVE_INFINITY);
  for (const component of present) {
    for (let j = 0; j < features; j++) of[j] = Math.min(of[j], least[component * features + j]);
  }
  return of;
}
