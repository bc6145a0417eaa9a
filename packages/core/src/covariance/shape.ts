import { triangleLength } from "../linear-algebra/triangle.ts";
import type { CovarianceType } from "./types.ts";

/** Numbers in the scatter of a slot, and in the packed factors of a mixture: both have one shape. */
export function scatterLength(components: number, features: number, type: CovarianceType): number {
  switch (type) {
    case "full":
      return components * triangleLength(features);
    case "tied":
      return triangleLength(features);
    case "diag":
      return components * features;
    case "spherical":
      return components;
  }
}
