import { matrixLength, matrixStart } from "../../../covariance/shape.ts";
import { componentLayout, unpackMass } from "../arithmetic/component.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { Measures } from "../language/setting.ts";
import { differenceDensity, type VarianceKind } from "./difference-density.ts";
import { differenceMoments } from "./difference-moments.ts";
import type { Form } from "./form.ts";

/**
 * Covariances without correlations: a scale and a sum of squares for each feature, or one for all. Every component has
 * sums of its own, and a copy of the factor if all share one; a shared scatter is added up when the slot is written.
 */
export function varianceForm(kind: VarianceKind, { features, bytes }: Measures): Form {
  const length = matrixLength(kind, features);
  const component = componentLayout(features, length, bytes);
  return {
    matrix: kind,
    component,
    shared: null,
    sums: 1 + features + length,
    sharedSums: 0,
    frame: null,
    keeps: "responsibility",
    scratchEnd: FREE_BYTES,

    code: (setting) => ({
      density: differenceDensity(setting, component, kind),
      moments: differenceMoments(setting, component, kind),
    }),

    packFactor(parameters, density, index, out) {
      const start = density.factors + matrixStart(density.covarianceType, index, features);
      for (let i = 0; i < length; i++) out[i] = parameters[start + i];
    },

    unpackSums(sums, statistics, index, slot) {
      unpackMass(sums, statistics, index, slot);
      const start = statistics.scatter + matrixStart(statistics.covarianceType, index, features);
      for (let i = 0; i < length; i++) slot[start + i] += sums[1 + features + i];
    },
  };
}
