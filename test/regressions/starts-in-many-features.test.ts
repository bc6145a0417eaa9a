import { createEngine } from "emix";
import { expect, test } from "vitest";
import { randomStream } from "../../packages/core/src/random.ts";

// A start in many features once had too few points for its covariances, and no time for exchange: of such problems, a fit
// found the groups in two of nine.

const [POINTS, FEATURES, GROUPS] = [8000, 32, 10];

/** Groups whose covariances point in directions of their own, and the group of each point. */
function groupsOf(seed: number): { data: Float64Array; truth: Int32Array } {
  const random = randomStream(seed, "many features");
  const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
  const means = normals(GROUPS * FEATURES);
  const maps = Array.from({ length: GROUPS }, () => normals(FEATURES * FEATURES));
  const truth = Int32Array.from({ length: POINTS }, (_, i) => i % GROUPS);
  const data = new Float64Array(POINTS * FEATURES);
  truth.forEach((group, i) => {
    const z = normals(FEATURES);
    for (let j = 0; j < FEATURES; j++) {
      let value = means[group * FEATURES + j];
      for (let l = 0; l < FEATURES; l++) value += (maps[group][j * FEATURES + l] * z[l]) / (1 + l) ** 0.25 / 2;
      data[i * FEATURES + j] = value;
    }
  });
  return { data, truth };
}

test("a fit finds groups in 32 features, mostly", { timeout: 120_000 }, async () => {
  await using engine = await createEngine({ threads: 1, offThread: false });
  let hits = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const { data, truth } = groupsOf(seed);
    const points = await engine.load({ data, features: FEATURES });
    const known = await engine.fit(points, { components: GROUPS, initialization: { labels: truth } });
    const found = await engine.fit(points, { components: GROUPS });
    points.dispose();
    if (found.lowerBound < known.lowerBound - 1e-3) continue;
    hits++;
    expect(found.iterations).toBeLessThan(30);
  }
  expect(hits).toBeGreaterThanOrEqual(7);
});
