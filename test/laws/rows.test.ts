import { createEngine, type FlatPoints } from "emix";
import { afterAll, describe, expect } from "vitest";
import { law } from "../support/laws.ts";
import { COVARIANCE_TYPES, scenes } from "../support/scenes.ts";

// What is computed for a row depends on the row alone: not on how many rows come with it, and not on who computes it.

const engines = await Promise.all([
  createEngine({ threads: 2 }),
  createEngine({ threads: 1, offThread: false }),
  createEngine({ threads: 1, offThread: false, kernel: "auto256" }),
]);
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const outputs = { labels: true, probabilities: true, logDensities: true } as const;
const NAMES = ["labels", "probabilities", "logDensities"] as const;

function between({ data, features }: FlatPoints, first: number, end: number): FlatPoints {
  return { data: data.subarray(first * features, end * features), features };
}

describe.each(COVARIANCE_TYPES)("%s", (type) => {
  for (const dtype of ["f64", "f32"] as const) {
    law(
      `rows of ${dtype} have the same bits alone, in parts and all at once`,
      scenes({ types: [type] }),
      15,
      async (scene) => {
        const { start: mixture, features, count, components, seed } = scene;
        const points = { data: dtype === "f64" ? scene.points.data : Float32Array.from(scene.points.data), features };
        const all = mixture.evaluate(points, outputs);
        for (const engine of engines) expect(await engine.evaluate(points, { mixture, ...outputs })).toEqual(all);
        for (const size of [1, 2, 7, 1 + (seed % 40)]) {
          const first = seed % Math.max(1, count - size);
          const part = between(points, first, first + size);
          const found = mixture.evaluate(part, outputs);
          const rows = Math.min(size, count - first);
          for (const name of NAMES) {
            const each = all[name].length / count;
            expect(found[name]).toEqual(all[name].slice(first * each, (first + rows) * each));
          }
          for (const engine of engines) expect(await engine.evaluate(part, { mixture, ...outputs })).toEqual(found);
        }
        expect(all.probabilities.length).toBe(count * components);
        expect(mixture.predict(points)).toEqual(all.labels);
        expect(mixture.predictProba(points)).toEqual(all.probabilities);
        expect(mixture.logProb(points)).toEqual(all.logDensities);
      },
    );
  }
});
