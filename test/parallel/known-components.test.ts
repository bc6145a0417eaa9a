import { expect, test } from "vitest";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { clusters } from "../support/points.ts";

const count = 60_011;
const points = clusters(count, 3, 4, "known");
const first = (row: number) => Math.max(0, Math.min(3, Math.round(points.data[3 * row] / 4)));

test.each([
  ["few", 50],
  ["most", 1.25],
])("a fit with known components of %s points has the same bits for any number of threads", async (_, every) => {
  const knownComponents = Array.from({ length: count }, (_, row) => {
    if (row % every >= 1) return -1;
    return row % 3 === 0 ? [first(row), (first(row) + 1) % 4] : first(row);
  });
  const results: string[] = [];
  for (const threads of [1, 2, 3]) {
    await using engine = await createEngine({ threads, offThread: threads === 2 });
    const { mixture, history, lowerBound } = await engine.fit(points, { components: 4, knownComponents, seed: 3 });
    results.push(JSON.stringify([mixture, history, lowerBound]));
  }
  for (const result of results) expect(result).toBe(results[0]);
});

test("rows that are left out keep their entries", async () => {
  const rows = Array.from({ length: 300 }, (_, i) => [i % 7 === 3 ? Number.NaN : (i % 2) * 10 + Math.sin(i)]);
  const knownComponents = rows.map((_, i) => (i < 40 ? 1 - (i % 2) : -1));
  await using engine = await createEngine({ threads: 1 });
  const { mixture } = await engine.fit(rows, { components: 2, knownComponents, missing: "drop" });
  expect(Math.abs(mixture.means[0] - 10)).toBeLessThan(0.5);
});
