import type { CovarianceType } from "../covariance/covariance.ts";
import { type DensityLayout, FARTHEST } from "../density.ts";
import { multiplyTriangle } from "../linear-algebra/cholesky.ts";
import { triangleLength } from "../linear-algebra/triangle.ts";
import type { StatisticsLayout } from "../sufficient-statistics.ts";

/** What the reference kernel needs of a covariance type; z = x − pivot, d. */
export interface ReferenceForm {
  /** ‖W_c (x − μ_c)‖², by eq. 3: y = W z − W·lo */
  squaredDistance(parameters: Float64Array, layout: DensityLayout, component: number, z: Float64Array): number;
  /** u = F z. in: frames at `offset`, packed as factors; z, d. out: u, d */
  turn(frames: Float64Array, offset: number, component: number, z: Float64Array, u: Float64Array): void;
  /** S_c += weight · u uᵀ */
  scatter(slot: Float64Array, layout: StatisticsLayout, component: number, weight: number, u: Float64Array): void;
}

/** Adds a weighted point to the statistics of a component. in: z = x − pivot; u = z, or F z of a framed component */
export function addMoments(
  form: ReferenceForm,
  slot: Float64Array,
  layout: StatisticsLayout,
  component: number,
  weight: number,
  z: Float64Array,
  u: Float64Array,
): void {
  const { features, responsibilitySums, weightedSums } = layout;
  const sums = weightedSums + component * features;
  slot[responsibilitySums + component] += weight;
  for (let j = 0; j < features; j++) slot[sums + j] += weight * z[j];
  form.scatter(slot, layout, component, weight, u);
}

/** Diag and spherical have no frames. */
const noTurn: ReferenceForm["turn"] = (_frames, _offset, _component, z, u) => u.set(z);

/** At most FARTHEST; NaN too, which is ∞ − ∞ of a point farther than doubles reach. */
function clamped(squared: number): number {
  return squared > FARTHEST || Number.isNaN(squared) ? FARTHEST : squared;
}

const matrices = (perComponent: boolean): ReferenceForm => ({
  squaredDistance(parameters, { features, biases, factors }, component, z) {
    let index = factors + (perComponent ? (component * features * (features + 1)) / 2 : 0);
    let squared = 0;
    for (let i = 0; i < features; i++) {
      let y = -parameters[biases + component * features + i];
      for (let j = 0; j <= i; j++) y += parameters[index++] * z[j];
      squared += y * y;
    }
    return clamped(squared);
  },

  turn: (frames, offset, component, z, u) =>
    multiplyTriangle(frames, offset + (perComponent ? component * triangleLength(z.length) : 0), z, u),

  scatter(slot, { features, scatter }, component, weight, z) {
    let index = scatter + (perComponent ? (component * features * (features + 1)) / 2 : 0);
    for (let i = 0; i < features; i++) {
      const weighted = weight * z[i];
      for (let j = 0; j <= i; j++) slot[index++] += weighted * z[j];
    }
  },
});

const diag: ReferenceForm = {
  squaredDistance(parameters, { features, biases, factors }, component, z) {
    const row = component * features;
    let squared = 0;
    for (let j = 0; j < features; j++) {
      const y = z[j] * parameters[factors + row + j] - parameters[biases + row + j];
      squared += y * y;
    }
    return clamped(squared);
  },

  turn: noTurn,

  scatter(slot, { features, scatter }, component, weight, z) {
    const row = scatter + component * features;
    for (let j = 0; j < features; j++) slot[row + j] += weight * z[j] * z[j];
  },
};

const spherical: ReferenceForm = {
  squaredDistance(parameters, { features, biases, factors }, component, z) {
    const factor = parameters[factors + component];
    let squared = 0;
    for (let j = 0; j < features; j++) {
      const y = z[j] * factor - parameters[biases + component * features + j];
      squared += y * y;
    }
    return clamped(squared);
  },

  turn: noTurn,

  scatter(slot, { features, scatter }, component, weight, z) {
    let squared = 0;
    for (let j = 0; j < features; j++) squared += z[j] * z[j];
    slot[scatter + component] += weight * squared;
  },
};

const FORMS: Readonly<Record<CovarianceType, ReferenceForm>> = {
  full: matrices(true),
  tied: matrices(false),
  diag,
  spherical,
};

export function referenceForm(type: CovarianceType): ReferenceForm {
  return FORMS[type];
}
