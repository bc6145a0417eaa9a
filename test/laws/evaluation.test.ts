import { type Executor, evaluate, GaussianMixture, type KernelKind } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { compilers } from "../../packages/workers/src/kernels/compile.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { law } from "../support/laws.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../support/scenes.ts";

// Many components are not all computed for every point. What is said of a point is the same, to the last bit.

/** Computes every component. */
function dense(executor: Executor): Executor {
  return {
    ...executor,
    run(pass, consume) {
      if (pass.kind !== "evaluation") return executor.run(pass, consume);
      const { stands: _, ...rest } = pass;
      return executor.run(rest, consume);
    },
  };
}

const cases = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  covarianceType: fc.constantFrom(...COVARIANCE_TYPES),
  components: fc.integer({ min: 256, max: 500 }),
  features: fc.integer({ min: 1, max: 12 }),
  count: fc.integer({ min: 1, max: 700 }),
  spread: fc.constantFrom(0.3, 1, 4, 20),
  offset: fc.constantFrom(0, 0, 1e8),
  dtype: fc.constantFrom("f64" as const, "f32" as const),
  kernel: fc.constantFrom<KernelKind>("simd", "simd256"),
  top: fc.integer({ min: 1, max: 12 }),
});

describe("what is asked of many components", () => {
  law("is answered as if each was computed for every point", cases, 80, async (given) => {
    const { seed, covarianceType, components, features, count, spread, offset, dtype, kernel, top } = given;
    const random = randomStream(seed, "evaluation");
    const near = mixtureOf(covarianceType, components, features, random).parameters;
    const means = near.means.map((mean) => spread * mean + offset);
    // One component has no weight.
    const weights = near.weights.map((weight, c) => (c === seed % components ? 0 : weight));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mixture = { ...near, means, weights: weights.map((weight) => weight / total) };
    const data = Float64Array.from({ length: count * features }, (_, at) => {
      const i = Math.floor(at / features);
      const component = i % 9 === 0 ? Math.floor(random.uniform() * components) : Math.floor((i * components) / count);
      const far = i % 50 === 17 ? 1e3 : 1;
      return means[component * features + (at % features)] + far * random.normal();
    });
    const tiles = tilePoints({ data: dtype === "f64" ? data : Float32Array.from(data), features });
    const executor = inThreadExecutor(tiles, kernel, { compilers: compilers() });
    const all = ["labels", "logDensities", "responsibilities", "topComponents", "topResponsibilities"] as const;
    const found = await evaluate(executor, mixture, all, top);
    expect(found).toEqual(await evaluate(dense(executor), mixture, all, top));
    expect((await evaluate(executor, mixture, ["labels"])).labels).toEqual(found.labels);

    for (let i = 0; i < count; i++) {
      const row = found.responsibilities.subarray(i * components, (i + 1) * components);
      const order = [...row.keys()].filter((c) => row[c] > 0).sort((a, b) => row[b] - row[a] || a - b);
      const expected = Array.from({ length: top }, (_, place) => order[place] ?? -1);
      expect([...found.topComponents.subarray(i * top, (i + 1) * top)]).toEqual(expected);
      expect([...found.topResponsibilities.subarray(i * top, (i + 1) * top)]).toEqual(
        expected.map((c) => (c < 0 ? 0 : row[c])),
      );
    }
  });

  test("of few components comes with the most likely ones first as well, by any kernel", async () => {
    const mixture = GaussianMixture.fromParameters({
      weights: [0.5, 0.25, 0.25],
      means: [[0], [1], [100]],
      covariances: [[[1]], [[1]], [[1]]],
    }).parameters;
    for (const kernel of ["reference", "simd"] as const) {
      const executor = inThreadExecutor(tilePoints([[0], [1], [100]]), kernel);
      const { topComponents, topResponsibilities } = await evaluate(
        executor,
        mixture,
        ["topComponents", "topResponsibilities"],
        2,
      );
      expect([...topComponents]).toEqual([0, 1, 0, 1, 2, -1]);
      const odds = 2 * Math.exp(0.5);
      const expected = [
        odds / (1 + odds),
        1 / (1 + odds),
        2 / (2 + Math.exp(0.5)),
        Math.exp(0.5) / (2 + Math.exp(0.5)),
        1,
        0,
      ];
      topResponsibilities.forEach((value, i) => void expect(value).toBeCloseTo(expected[i], 14));
    }
  });
});
