import type { CovarianceType } from "../../covariance/types.ts";
import { multiplyTriangle } from "../../linear-algebra/cholesky.ts";
import { add, type CompensatedSums } from "../../linear-algebra/compensated-sum.ts";
import { triangleLength } from "../../linear-algebra/triangle.ts";
import type { DensityLayout } from "../../mixture/density.ts";
import type { StatisticsLayout } from "../../statistics/sufficient-statistics.ts";

/** What the reference kernel needs of a covariance type; z = x − pivot, d. */
export interface ReferenceForm {
  /** y = W_c (x − μ_c), by eq. 3: W z − W·lo. in: z, d. out: y, d */
  whiten(parameters: Float64Array, layout: DensityLayout, component: number, z: Float64Array, y: Float64Array): void;
  /** u = F z. in: frames at `offset`, packed as factors; z, d. out: u, d */
  turn(frames: Float64Array, offset: number, component: number, z: Float64Array, u: Float64Array): void;
  /** S_c += weight · u uᵀ */
  scatter(to: CompensatedSums, layout: StatisticsLayout, component: number, weight: number, u: Float64Array): void;
}

/** Adds a weighted point to the statistics of a component. in: z = x − pivot; u = z, or F z of a framed component */
export function addMoments(
  form: ReferenceForm,
  to: CompensatedSums,
  layout: StatisticsLayout,
  component: number,
  weight: number,
  z: Float64Array,
  u: Float64Array,
): void {
  const { features, responsibilitySums, weightedSums } = layout;
  const sums = weightedSums + component * features;
  add(to, responsibilitySums + component, weight);
  for (let j = 0; j < features; j++) add(to, sums + j, weight * z[j]);
  form.scatter(to, layout, component, weight, u);
}

/** Diag and spherical have no frames. */
const noTurn: ReferenceForm["turn"] = (_frames, _offset, _component, z, u) => u.set(z);

const matrices = (perComponent: boolean): ReferenceForm => ({
  whiten(parameters, { features, biases, factors }, component, z, y) {
    let index = factors + (perComponent ? (component * features * (features + 1)) / 2 : 0);
    for (let i = 0; i < features; i++) {
      y[i] = -parameters[biases + component * features + i];
      for (let j = 0; j <= i; j++) y[i] += parameters[index++] * z[j];
    }
  },

  turn: (frames, offset, component, z, u) =>
    multiplyTriangle(frames, offset + (perComponent ? component * triangleLength(z.length) : 0), z, u),

  scatter(to, { features, scatter }, component, weight, z) {
    let index = scatter + (perComponent ? (component * features * (features + 1)) / 2 : 0);
    for (let i = 0; i < features; i++) {
      const weighted = weight * z[i];
      for (let j = 0; j <= i; j++) add(to, index++, weighted * z[j]);
    }
  },
});

const diag: ReferenceForm = {
  whiten(parameters, { features, biases, factors }, component, z, y) {
    const row = component * features;
    for (let j = 0; j < features; j++) y[j] = z[j] * parameters[factors + row + j] - parameters[biases + row + j];
  },

  turn: noTurn,

  scatter(to, { features, scatter }, component, weight, z) {
    const row = scatter + component * features;
    for (let j = 0; j < features; j++) add(to, row + j, weight * z[j] * z[j]);
  },
};

const spherical: ReferenceForm = {
  whiten(parameters, { features, biases, factors }, component, z, y) {
    const row = biases + component * features;
    for (let j = 0; j < features; j++) y[j] = z[j] * parameters[factors + component] - parameters[row + j];
  },

  turn: noTurn,

  scatter(to, { features, scatter }, component, weight, z) {
    let squared = 0;
    for (let j = 0; j < features; j++) squared += z[j] * z[j];
    add(to, scatter + component, weight * squared);
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
