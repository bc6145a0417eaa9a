import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blendConjugate, type Conjugate } from "../../../../../../../packages/core/src/components/conjugate.ts";
import { estimateComponents } from "../../../../../../../packages/core/src/components/estimate.ts";
import { triangle } from "../../../../../../../packages/core/src/covariance/triangle.ts";
import { KernelPrograms } from "../../../../../../../packages/core/src/kernels/dispatch.ts";
import { simdTriangles } from "../../../../../../../packages/core/src/kernels/simd/host/triangles/simd-triangles.ts";
import { randomStream } from "../../../../../../../packages/core/src/random.ts";
import { noFrames } from "../../../../../../../packages/core/src/statistics/frames.ts";
import {
  type SufficientStatistics,
  statisticsLayout,
} from "../../../../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { law } from "../../../../../../support/laws.ts";

const manyOf = (features: number) => {
  const program = new KernelPrograms().triangles(features, 1e9);
  if (program === null) throw new Error("no SIMD here");
  return simdTriangles(program, features);
};

/** Statistics of components of a few points each, about pivots that are off their means; some without mass, some singular. */
function statisticsOf(seed: number, components: number, features: number, size: number): SufficientStatistics {
  const random = randomStream(seed, "triangles");
  const layout = statisticsLayout(components, features, "full");
  const pivots = Float64Array.from({ length: components * features }, () => size * random.normal());
  const sums = new Float64Array(layout.length);
  const errors = new Float64Array(layout.length);
  for (let c = 0; c < components; c++) {
    const points = Math.floor(random.uniform() * 3 * features);
    const scales = Float64Array.from({ length: features }, () => 10 ** (4 * random.uniform() * random.uniform()));
    for (let i = 0; i < points; i++) {
      const weight = random.uniform();
      const z = scales.map((scale) => scale * (random.normal() + 0.3));
      if (c % 5 === 0) for (let j = 1; j < features; j++) z[j] += 1e3 * z[0];
      if (c % 11 === 3) z[features - 1] = 0;
      sums[layout.responsibilitySums + c] += weight;
      for (let j = 0, at = layout.scatter + (c * features * (features + 1)) / 2; j < features; j++) {
        sums[layout.weightedSums + c * features + j] += weight * z[j];
        for (let l = 0; l <= j; l++, at++) sums[at] += weight * z[j] * z[l];
      }
    }
  }
  for (let i = 0; i < sums.length; i++) errors[i] = sums[i] * 2 ** -55 * random.normal();
  return { layout, pivots, frames: noFrames(layout), sums, errors };
}

function priorOf(features: number): Conjugate {
  const scatter = new Float64Array((features * (features + 1)) / 2);
  for (let j = 0; j < features; j++) scatter[(j * (j + 3)) / 2] = 1 + j;
  return {
    ...{ weightConcentration: 1, meanPrecision: 0.01, degreesOfFreedom: features + 2 },
    ...{ means: new Float64Array(features).fill(0.25), meansResidual: new Float64Array(features) },
    scatter: { covariance: scatter, factor: scatter.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0)) },
    ridges: new Float64Array(features),
  };
}

describe("triangles side by side have the bits of those one after the other", () => {
  const problem = fc.record({
    seed: fc.nat(),
    components: fc.integer({ min: 1, max: 30 }),
    features: fc.integer({ min: 2, max: 19 }),
    size: fc.constantFrom(1e-150, 1, 1e8, 1e140),
    rough: fc.boolean(),
  });

  law("of estimates, refined and rough", problem, 60, ({ seed, components, features, size, rough }) => {
    const statistics = statisticsOf(seed, components, features, size);
    expect(estimateComponents(statistics, rough, manyOf(features))).toEqual(estimateComponents(statistics, rough));
  });

  law("of estimates with a prior", problem, 60, ({ seed, components, features, size }) => {
    const statistics = statisticsOf(seed, components, features, size);
    const belief = { conjugate: priorOf(features), counts: { points: features + 3, scatters: 1 } };
    const data = estimateComponents(statistics, true);
    expect(blendConjugate(data, belief, true, manyOf(features))).toEqual(blendConjugate(data, belief, true));
  });

  law("of traces", problem, 30, ({ seed, components, features, size }) => {
    const { packedCovariances: _, factors } = estimateComponents(statisticsOf(seed, components, features, size));
    const of = priorOf(features).scatter;
    const one = triangle.spread(of, features);
    const length = factors.length / components;
    const each = Array.from({ length: components }, (_, c) => one(factors.subarray(c * length, (c + 1) * length)));
    expect([...manyOf(features).spreads(of, factors)]).toEqual(each);
  });

  test("many of them are done so", () => {
    const statistics = statisticsOf(1, 400, 16, 1);
    const { layout } = statistics;
    const many = manyOf(16);
    let done = 0;
    const counting = {
      ...many,
      estimate(...given: Parameters<typeof many.estimate>) {
        const found = many.estimate(...given);
        done = found.reduce((sum, one) => sum + one, 0);
        return found;
      },
    };
    estimateComponents(statistics, false, counting);
    expect(done).toBeGreaterThan(layout.components / 3);
  });
});
