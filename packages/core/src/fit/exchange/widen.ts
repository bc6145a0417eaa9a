import { triangleLength } from "../../linear-algebra/triangle.ts";
import type { Mixture } from "../../mixture/mixture.ts";

/** A mixture of diagonal covariances as one of full covariances, of the same density. in: "diag" */
export function widen(mixture: Mixture): Mixture {
  const { components, features } = mixture;
  const wide = (values: Float64Array): Float64Array => {
    const packed = new Float64Array(components * triangleLength(features));
    let at = 0;
    for (let c = 0, from = 0; c < components; c++) {
      for (let i = 0; i < features; i++, from++) {
        at += i;
        packed[at++] = values[from];
      }
    }
    return packed;
  };
  const { packedCovariances, factors } = mixture;
  return { ...mixture, covarianceType: "full", packedCovariances: wide(packedCovariances), factors: wide(factors) };
}
