import { describe, expect, test } from "vitest";
import { simdBytes } from "../../../../../../packages/core/src/kernels/simd/host/program.ts";
import { COVARIANCE_TYPES } from "../../../../../support/scenes.ts";

// `node test/nodes/every-width.ts` does the same for every number of features up to 640.
const FEATURES = [9, 11, 31, 127, 250, 267, 270, 286, 640, 4095];
const VARIANTS = (["f64", "f32"] as const).flatMap((arithmetic) =>
  ([128, 256] as const).map((bits) => ({ arithmetic, bits })),
);

describe("simdBytes", () => {
  test.each(COVARIANCE_TYPES)("of %s: a module whose size does not grow with the features", (covarianceType) => {
    for (const options of VARIANTS) {
      const sizes = FEATURES.map((features) => {
        const shape = { components: 2, features, covarianceType, dtype: options.arithmetic, tileSize: 64 };
        const bytes = simdBytes(shape, { ...options, relaxed: true });
        expect(WebAssembly.validate(bytes), `${features}`).toBe(true);
        return bytes.length / (options.bits / 128);
      });
      expect(Math.max(...sizes)).toBeLessThan(32 * 1024);
    }
  });
});
