import fc from "fast-check";
import { describe, expect } from "vitest";
import { fit } from "../../packages/core/src/fit/fit.ts";
import { resolveFitOptions } from "../../packages/core/src/fit/options/resolve.ts";
import { GaussianMixture } from "../../packages/core/src/gaussian-mixture.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { law } from "../support/laws.ts";
import { COVARIANCE_TYPES } from "../support/scenes.ts";

// The lower bound that a fit states is the score of its mixture: whatever the arithmetic, even where covariances are singular.

const shapes = fc.record({
  count: fc.integer({ min: 20, max: 80 }),
  features: fc.integer({ min: 1, max: 40 }),
  components: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  offset: fc.constantFrom(0, 1e3),
  compute: fc.constantFrom("f64" as const, "f32" as const),
});

/** Groups that lie apart; often fewer points than features, and so collapsed covariances. */
function pointsOf({
  count,
  features,
  components,
  seed,
  offset,
}: typeof shapes extends fc.Arbitrary<infer T> ? T : never) {
  const random = randomStream(seed, "score");
  const data = Float32Array.from({ length: count * features }, (_, i) => {
    const group = Math.floor(i / features) % components;
    return offset + 6 * group + (1 + (i % features)) * random.normal();
  });
  return { data, features };
}

describe.each(COVARIANCE_TYPES)("%s", (covarianceType) => {
  law("the lower bound is the mean log density of the mixture", shapes, 40, async (shape) => {
    const points = pointsOf(shape);
    const { components, compute, seed } = shape;
    const options = resolveFitOptions({ components, covarianceType, compute, seed, maxIterations: 10 });
    const run = fit({ ...inThreadExecutor(tilePoints(points), "simd"), arithmetic: compute }, options);
    let next = await run.next();
    while (!next.done) next = await run.next();
    const { mixture, lowerBound } = next.value;
    const score = new GaussianMixture(mixture).score(points);
    const digits = compute === "f32" ? 1e-5 : 1e-11;
    expect(Math.abs(lowerBound - score)).toBeLessThan(digits * Math.max(1, Math.abs(score), shape.features));
  });
});
