import { createEngine } from "emix";
import { expect, test } from "vitest";
import { clusters } from "../support/points.ts";

// Points were read while the fit was under way: an array that its owner went on to use gave a fit of old and new points.

test("what is written into an array after the call changes no answer", async () => {
  const { data, features } = clusters(60_000, 8, 3, "changed");
  const options = { components: 3, maxIterations: 3, tolerance: 0 };
  const pointWeights = Array.from({ length: 60_000 }, (_, i) => 1 + (i % 2));
  await using engine = await createEngine({ threads: 2 });
  const expected = await engine.fit(
    { data: data.slice(), features },
    { ...options, pointWeights: pointWeights.slice() },
  );
  const loaded = await engine.load({ data: data.slice(), features });
  const own = { data: data.slice(), features };
  const weights = pointWeights.slice();
  const fitting = engine.fit(own, { ...options, pointWeights: weights });
  const loading = engine.load(own);
  const predicting = engine.predict(own, { mixture: expected.mixture });
  own.data.fill(5);
  weights.fill(0);
  expect(JSON.stringify((await fitting).mixture)).toBe(JSON.stringify(expected.mixture));
  expect((await loading).tiles).toEqual(loaded.tiles);
  expect(await predicting).toEqual(expected.mixture.predict({ data, features }));
});

test("rows too", async () => {
  const rows = Array.from({ length: 100 }, (_, i) => [Math.sin(i), Math.cos(i)]);
  await using engine = await createEngine({ threads: 1 });
  const expected = await engine.load(rows.map((row) => row.slice()));
  const loading = engine.load(rows);
  for (const row of rows) row.fill(0);
  expect((await loading).tiles).toEqual(expected.tiles);
});
