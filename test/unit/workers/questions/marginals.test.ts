import type { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { createEngine } from "../../../../packages/workers/src/engine/engine.ts";
import { expectRejection } from "../../../support/failures.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../support/scenes.ts";

const [components, features, count] = [3, 4, 200];

/** Rows with gaps: every third is whole, the others lack one number to all but one. */
function rowsOf(mixture: GaussianMixture): (number | null)[][] {
  const random = randomStream(3, "gaps");
  const { points } = mixture.sample(count, { seed: 1 });
  return Array.from({ length: count }, (_, i) => {
    const row = [...points.subarray(i * features, (i + 1) * features)];
    const kept = Math.floor(random.uniform() * features);
    return row.map((value, j) =>
      i % 3 === 0 || j === kept || random.uniform() < 0.5 ? value : [null, Number.NaN, Number.POSITIVE_INFINITY][i % 3],
    );
  });
}

/** log p of the numbers that a row has, by the marginals of each component, a row at a time. */
function dense(mixture: GaussianMixture, row: readonly (number | null)[]) {
  const present = [...row.keys()].filter((j) => row[j] !== null && Number.isFinite(row[j]));
  const part = mixture.marginal(present);
  const point = [present.map((j) => row[j] as number)];
  return { density: part.logProb(point)[0], proba: part.predictProba(point), label: part.predict(point)[0] };
}

describe.each(COVARIANCE_TYPES)("rows that lack numbers, %s", (type) => {
  test("are evaluated by the features that they have", async () => {
    const mixture = mixtureOf(type, components, features, randomStream(6, type));
    const rows = rowsOf(mixture);
    await using engine = await createEngine({ threads: 1, offThread: false });
    const options = { mixture, missing: "marginal" } as const;
    const [labels, proba, logDensities] = [
      await engine.predict(rows, options),
      await engine.predictProba(rows, options),
      await engine.logProb(rows, options),
    ];
    const weights = rows.map((_, i) => 1 + (i % 3));
    const score = await engine.score(rows, { ...options, pointWeights: weights });
    let sum = 0;
    rows.forEach((row, i) => {
      const expected = dense(mixture, row);
      expect(logDensities[i]).toBeCloseTo(expected.density, 11);
      expect(labels[i]).toBe(expected.label);
      for (let c = 0; c < components; c++) expect(proba[i * components + c]).toBeCloseTo(expected.proba[c], 11);
      sum += weights[i] * expected.density;
    });
    expect(score).toBeCloseTo(sum / weights.reduce((a, b) => a + b, 0), 11);
    const both = await engine.evaluate(rows, { ...options, labels: true, logDensities: true });
    expect(both.labels).toEqual(labels);
    expect(both.logDensities).toEqual(logDensities);
  });
});

describe("a marginal of missing numbers", () => {
  const mixture = mixtureOf("full", components, features, randomStream(6, "full"));
  const whole = { data: mixture.sample(50, { seed: 1 }).points, features };

  test("changes no bit where nothing is missing", async () => {
    await using engine = await createEngine({ threads: 1 });
    const options = { mixture, missing: "marginal" } as const;
    expect(await engine.logProb(whole, options)).toEqual(await engine.logProb(whole, { mixture }));
    expect(await engine.score(whole, options)).toBe(await engine.score(whole, { mixture }));
  });

  test("needs a number in each row, as many features, no posterior, and points that are not loaded", async () => {
    await using engine = await createEngine({ threads: 1 });
    const options = { mixture, missing: "marginal" } as const;
    const empty = [
      [1, 2, 3, 4],
      [Number.NaN, null, undefined, Number.NaN],
    ];
    await expectRejection(
      engine.predict(empty, options),
      "NON_FINITE_POINT",
      /^Expected at least one finite number in row 1/,
    );
    await expectRejection(engine.predict([[1, 2]], options), "FEATURES_MISMATCH");
    await expectRejection(engine.predict(await engine.load(whole), options), "INVALID_OPTION", /`missing`/);
    await expectRejection(engine.bic(whole, { mixture, missing: "marginal" as "drop" }), "INVALID_OPTION", /`missing`/);
    await expectRejection(
      engine.score(whole, { ...options, pointWeights: [1] }),
      "INVALID_WEIGHT",
      /one weight for each of 50 rows/,
    );
    const { mixture: variational } = await engine.fit(whole, { components: 2, inference: "variational" });
    await expectRejection(
      engine.predict(whole, { mixture: variational, missing: "marginal" }),
      "INVALID_OPTION",
      /with a posterior/,
    );
    const features3 = variational.marginal([0, 1, 2, 3]);
    expect(await engine.predict(whole, { mixture: features3, missing: "marginal" })).toHaveLength(50);
  });
});
