// Writes and validates the modules of every number of features, covariance type, arithmetic and width of vectors.
//
//     node test/nodes/every-width.ts [most features, 640]

import { simdBytes } from "../../packages/core/src/kernels/simd/host/program.ts";
import { COVARIANCE_TYPES } from "../support/scenes.ts";

const most = Number(process.argv[2] ?? 640);
let [modules, largest, failed] = [0, 0, 0];
for (let features = 1; features <= most; features++) {
  for (const covarianceType of COVARIANCE_TYPES) {
    for (const arithmetic of ["f64", "f32"] as const) {
      for (const bits of [128, 256] as const) {
        const shape = { components: 2, features, covarianceType, dtype: arithmetic, tileSize: 64 };
        modules++;
        try {
          const bytes = simdBytes(shape, { arithmetic, bits, relaxed: true });
          if (!WebAssembly.validate(bytes)) throw new Error("not valid");
          largest = Math.max(largest, bytes.length);
        } catch (error) {
          failed++;
          console.error(`${covarianceType}, ${features} features, ${arithmetic}, ${bits} bits: ${error}`);
        }
      }
    }
  }
}
console.log(`${modules} modules, the largest of ${largest} bytes; ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
