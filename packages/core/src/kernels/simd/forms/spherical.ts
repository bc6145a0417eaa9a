import { componentLayout, unpackMass } from "../arithmetic/component.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { Measures } from "../language/setting.ts";
import { differenceDensity } from "./difference-density.ts";
import { differenceMoments } from "./difference-moments.ts";
import type { Form } from "./form.ts";

/** Spherical covariances: one scale and one sum of squares. */
export function sphericalForm({ features, bytes }: Measures): Form {
  const component = componentLayout(features, 1, bytes);
  return {
    component,
    shared: null,
    sums: 1 + features + 1,
    sharedSums: 0,
    frame: null,
    keeps: "responsibility",
    scratchEnd: FREE_BYTES,

    code: (setting) => ({
      density: differenceDensity(setting, component, "spherical"),
      moments: differenceMoments(setting, component, true),
    }),

    packFactor(parameters, density, index, out) {
      out[0] = parameters[density.factors + index];
    },

    unpackSums(sums, statistics, index, slot) {
      unpackMass(sums, statistics, index, slot);
      slot[statistics.scatter + index] = sums[1 + features];
    },
  };
}
