import { fit as coreFit, nodesLength, resolveFitOptions } from "@emix/core";
import { fingerprint } from "@emix/io";
import { createEngine, type Engine, type FitResult, GaussianMixture, type LoadedPoints } from "emix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { clusters } from "../support/points.ts";

// Points that are many are stored in another order than the caller's. Nobody who uses them can tell.

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

const COUNT = 6000;
const { data, features } = clusters(COUNT, 3, 4, "order");
const weights = Float64Array.from({ length: COUNT }, (_, i) => (i * 7) % 4);
const mixture = GaussianMixture.fromParameters({
  weights: [0.1, 0.2, 0.3, 0.4],
  means: Float64Array.from({ length: 12 }, (_, i) => 4 * Math.floor(i / 3) * (i % 3 === 1 ? -0.5 : 1)),
  covariances: Float64Array.of(1, 1, 1, 1),
  covarianceType: "spherical",
});

/** The same points, as rows of which every tenth lacks a number. */
const rows = Array.from({ length: COUNT }, (_, i) => {
  return Array.from({ length: features }, (_, j) => (i % 10 === 3 && j === 1 ? Number.NaN : data[i * features + j]));
});

describe("what is asked of loaded points", () => {
  test("is answered in the caller's order", async () => {
    const points = await engine.load({ data, features });
    expect(points.tiles.order).not.toBe(null);
    expect(await engine.predict(points, { mixture })).toEqual(mixture.predict({ data, features }));
    expect(await engine.logProb(points, { mixture })).toEqual(mixture.logProb({ data, features }));
    expect(await engine.predictProba(points, { mixture })).toEqual(mixture.predictProba({ data, features }));
    expect(points.bytes).toBe(points.tiles.data.byteLength + 4 * COUNT + 8 * nodesLength(points.tiles));
  });

  test("is answered for every row that was given, those without a number included", async () => {
    const points = await engine.load(rows, { missing: "drop" });
    expect(points.tiles.order).not.toBe(null);
    const labels = await engine.predict(points, { mixture });
    const whole = mixture.predict({ data, features });
    expect([...labels]).toEqual([...whole].map((label, i) => (i % 10 === 3 ? -1 : label)));
    const densities = await engine.logProb(points, { mixture });
    const raw = await engine.logProb(rows, { mixture, missing: "drop" });
    expect(densities).toEqual(raw);
    const assignmentProbs = mixture.predictProba({ data, features });
    const q = await engine.expectedLogLikelihood(points, { mixture, assignmentProbs });
    expect(q).toBeCloseTo(await engine.expectedLogLikelihood(rows, { mixture, assignmentProbs, missing: "drop" }), 12);
  });

  test("goes by the caller's weights, those given later included", async () => {
    const weighted = await engine.load({ data, features }, { pointWeights: weights });
    const expected = mixture.score({ data, features }, { pointWeights: weights });
    expect(await engine.score(weighted, { mixture })).toBeCloseTo(expected, 12);
    const points = await engine.load({ data, features });
    expect(await engine.score(points, { mixture, pointWeights: weights })).toBeCloseTo(expected, 12);
    const fits = [weighted, points].map((given) => {
      const later = given === points ? { pointWeights: weights } : {};
      return engine.fit(given, { components: 4, initialization: mixture, ...later, maxIterations: 3 });
    });
    const [early, late] = await Promise.all(fits);
    expect(early.mixture.means.every((mean, i) => Math.abs(mean - late.mixture.means[i]) < 1e-9)).toBe(true);
  });

  test("errors about weights name the caller's rows", async () => {
    const points = await engine.load({ data, features });
    const wrong = weights.map((weight, i) => (i === 4321 || i === 5000 ? -1 : weight));
    await expect(engine.score(points, { mixture, pointWeights: wrong })).rejects.toThrow(/4321/);
  });

  test("the fingerprint is that of the points as they were given", async () => {
    const { tiles } = await engine.load({ data, features }, { pointWeights: weights });
    expect(tiles.order).not.toBe(null);
    expect(fingerprint(tiles)).toBe(fingerprint(tilePoints({ data, features }, weights)));
    const dropped = await engine.load(rows, { missing: "drop" });
    const kept = rows.filter((row) => row.every(Number.isFinite));
    expect(fingerprint(dropped.tiles)).toBe(fingerprint(tilePoints(kept)));
  });
});

describe("points are put in order", () => {
  test("where they are loaded or fitted, if they are many; not where they are only evaluated", async () => {
    const few = await engine.load({ data: data.slice(0, 4095 * features), features });
    expect(few.tiles.order).toBe(null);
    const file = await orderOf(await engine.load({ data: Float32Array.from(data), features }));
    expect(file.toSorted()).toEqual(Uint32Array.from({ length: COUNT }, (_, i) => i));
  });

  test("in the same order on any number of threads", async () => {
    const orders: Uint32Array[] = [];
    for (const threads of [1, 3]) {
      await using own = await createEngine({ threads, offThread: threads === 3 });
      // Enough points for real threads to do the work.
      orders.push(await orderOf(await own.load(clusters(120_000, 4, 5, "threads"))));
    }
    expect(orders[0]).toEqual(orders[1]);
  });

  test("loading stops with its signal", async () => {
    const given = clusters(200_000, 4, 5, "abort");
    const signal = AbortSignal.timeout(5);
    await expect(engine.load(given, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect((await engine.load({ data, features })).count).toBe(COUNT);
  });
});

describe("a fit", () => {
  test.each(["full", "diag", "tied-spherical"] as const)(
    "%s is the same to rounding as without an order",
    async (type) => {
      const options = { components: 4, covarianceType: type, initialization: mixtureOf(type), maxIterations: 30 };
      const ordered = await engine.fit({ data, features }, { ...options, tolerance: 0 });
      const steps = coreFit(
        inThreadExecutor(tilePoints({ data, features })),
        resolveFitOptions({ ...options, tolerance: 0 }),
      );
      let plain = await steps.next();
      while (!plain.done) plain = await steps.next();
      const { mixture: other, lowerBound } = plain.value;
      expect(Math.abs(lowerBound - ordered.lowerBound)).toBeLessThan(1e-11);
      expect(closest(ordered, other.means)).toBeLessThan(1e-9);
    },
  );

  test("that starts from all points has the same bits on any number of threads", async () => {
    const given = clusters(60_000, 6, 9, "many");
    const options = {
      components: 9,
      initialization: "k-means++",
      restarts: 3,
      maxIterations: 2,
    } as const;
    const found: string[] = [];
    for (const threads of [1, 2, 3]) {
      await using own = await createEngine({ threads, offThread: threads === 2 });
      const { mixture, history } = await own.fit(given, { ...options, seed: 4 });
      found.push(JSON.stringify({ mixture, history }));
    }
    expect(found[1]).toBe(found[0]);
    expect(found[2]).toBe(found[0]);
  });

  test("changes no bit where a feature is multiplied by a power of two", async () => {
    const scaled = Float64Array.from(data, (value, i) => (i % 3 === 1 ? value * 2 ** 40 : value));
    const options = { components: 4, seed: 3, maxIterations: 5, regularization: 0 };
    const plain = await engine.fit({ data, features }, options);
    const other = await engine.fit({ data: scaled, features }, options);
    const back = other.mixture.means.map((mean, i) => (i % 3 === 1 ? mean * 2 ** -40 : mean));
    expect(back).toEqual(plain.mixture.means);
  });
});

async function orderOf({ tiles }: LoadedPoints): Promise<Uint32Array> {
  return tiles.order as Uint32Array;
}

function closest({ mixture: { means } }: FitResult, others: Float64Array): number {
  return Math.max(...means.map((mean, i) => Math.abs(mean - others[i])));
}

/** A start near the clusters. */
function mixtureOf(covarianceType: "full" | "diag" | "tied-spherical"): GaussianMixture {
  const random = randomStream(1, covarianceType);
  const identity = { full: [1, 0, 0, 0, 1, 0, 0, 0, 1], diag: [1, 1, 1], "tied-spherical": [1] }[covarianceType];
  const each = covarianceType.startsWith("tied") ? 1 : 4;
  return GaussianMixture.fromParameters({
    weights: [0.25, 0.25, 0.25, 0.25],
    means: mixture.means.map((mean) => mean + 0.1 * random.normal()),
    covariances: Float64Array.from({ length: each * identity.length }, (_, i) => identity[i % identity.length]),
    covarianceType,
  });
}
