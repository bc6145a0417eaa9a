import { componentLayout, unpackMass } from "../arithmetic/component.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { Measures } from "../language/setting.ts";
import { differenceDensity } from "./difference-density.ts";
import { differenceMoments } from "./difference-moments.ts";
import type { Form } from "./form.ts";

/** Diagonal covariances: a scale and a sum of squares for each feature. */
export function diagForm({ features, bytes }: Measures): Form {
  const component = componentLayout(features, features, bytes);
  return {
    component,
    shared: null,
    sums: 1 + 2 * features,
    sharedSums: 0,
    frame: null,
    keeps: "responsibility",
    scratchEnd: FREE_BYTES,

    code: (setting) => ({
      density: differenceDensity(setting, component, "diag"),
      moments: differenceMoments(setting, component, false),
    }),

    packFactor(parameters, density, index, out) {
      for (let j = 0; j < features; j++) out[j] = parameters[density.factors + index * features + j];
    },

    unpackSums(sums, statistics, index, slot) {
      unpackMass(sums, statistics, index, slot);
      for (let j = 0; j < features; j++) slot[statistics.scatter + index * features + j] = sums[1 + features + j];
    },
  };
}
