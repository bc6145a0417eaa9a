import { GaussianMixture, mergeByEntropy } from "@emix/core";
import { describe, expect, test } from "vitest";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { inThreadExecutor } from "../../../support/in-thread-executor.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../support/scenes.ts";

/** Baudry's algorithm over an n × k array, with every entropy taken anew. */
function dense(mixture: GaussianMixture, points: Float64Array, weights: number[]) {
  const { components, features } = mixture;
  const proba = mixture.predictProba({ data: points, features });
  let clusters = Array.from({ length: components }, (_, c) => [c]);
  const entropyOf = (of: number[][]) =>
    -weights.reduce((sum, weight, i) => {
      const shares = of.map((cluster) => cluster.reduce((total, c) => total + proba[i * components + c], 0));
      return sum + weight * shares.reduce((total, share) => total + (share > 0 ? share * Math.log(share) : 0), 0);
    }, 0);
  const found: { clusterOf: number[]; value: number }[] = [];
  for (;;) {
    const clusterOf = Array.from({ length: components }, (_, c) =>
      clusters.findIndex((cluster) => cluster.includes(c)),
    );
    found.push({ clusterOf, value: entropyOf(clusters) });
    if (clusters.length === 1) return found;
    const unions = clusters.flatMap((one, i) =>
      clusters
        .slice(i + 1)
        .map((other) => clusters.map((c) => (c === one ? [...one, ...other] : c)).filter((c) => c !== other)),
    );
    clusters = unions.reduce((best, union) => (entropyOf(union) < entropyOf(best) - 1e-12 ? union : best));
  }
}

describe.each(COVARIANCE_TYPES)("merging by entropy, %s", (type) => {
  test("merges and weighs as an n × k array would", async () => {
    const mixture = mixtureOf(type, 6, 2, randomStream(8, type));
    const { points } = mixture.sample(300, { seed: 1 });
    const weights = Array.from({ length: 300 }, (_, i) => 0.5 + (i % 3));
    const executor = inThreadExecutor(tilePoints({ data: points, features: 2 }, weights), "simd");
    const { clusterings } = await mergeByEntropy(executor, mixture.parameters);
    const expected = dense(mixture, points, weights);
    expect(clusterings.map(({ clusters }) => clusters)).toEqual([6, 5, 4, 3, 2, 1]);
    clusterings.forEach(({ clusterOf, value }, i) => {
      expect([...clusterOf]).toEqual(expected[i].clusterOf);
      expect(Math.abs(value - expected[i].value)).toBeLessThan(1e-10 * 450);
    });
  });
});

test("two components that make one group become a cluster first", async () => {
  const mixture = GaussianMixture.fromParameters({
    weights: [0.3, 0.4, 0.3],
    means: [[0], [20], [1]],
    covariances: [1, 1, 1],
    covarianceType: "spherical",
  });
  const points = { data: mixture.sample(500, { seed: 1 }).points, features: 1 };
  const { clusterings } = await mergeByEntropy(inThreadExecutor(tilePoints(points)), mixture.parameters);
  expect([...clusterings[1].clusterOf]).toEqual([0, 1, 0]);
  expect(clusterings[0].value).toBeGreaterThan(100);
  expect(clusterings[1].value).toBeLessThan(1e-3);
  expect(clusterings[2].value).toBeCloseTo(0, 10);
  const { clusterOf } = clusterings[1];
  const labels = mixture.predictClusters(points, { clusterOf });
  expect(labels.every((label, i) => label === (points.data[i] < 10 ? 0 : 1))).toBe(true);
});
