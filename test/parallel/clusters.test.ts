import { expect, test } from "vitest";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { clusters } from "../support/points.ts";

test("clusters are the same for any number of threads, and in the caller's rows", async () => {
  const points = clusters(30_011, 3, 4, "merging");
  points.data[3 * 77] = Number.NaN;
  const results: string[] = [];
  for (const threads of [1, 3]) {
    await using engine = await createEngine({ threads });
    const loaded = await engine.load(points, { missing: "drop" });
    const { mixture } = await engine.fit(loaded, { components: 6, seed: 1, maxIterations: 20 });
    const { clusterings } = await engine.mergeByEntropy(loaded, { mixture });
    const { clusterOf } = clusterings[2];
    const labels = await engine.predictClusters(loaded, { mixture, clusterOf });
    expect(labels[77]).toBe(-1);
    expect(labels.length).toBe(30_011);
    const row = points.data.subarray(3 * 5000, 3 * 5001);
    expect([...labels.subarray(5000, 5001)]).toEqual([
      ...mixture.predictClusters({ data: row, features: 3 }, { clusterOf }),
    ]);
    results.push(JSON.stringify([clusterings, labels]));
  }
  expect(results[1]).toBe(results[0]);
});
