import {
  type CovarianceType,
  type Executor,
  type FitOptions,
  type FlatPoints,
  fit,
  GaussianMixture,
  openPoints,
  resolveFitOptions,
  type Tiles,
} from "@emix/core";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { tileCount } from "../../packages/core/src/points/tiles.ts";
import { tilePoints, tilesFrom } from "../../packages/core/src/points/tiling.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { expectation } from "../../packages/core/src/step/expectation.ts";
import { openLists } from "../../packages/core/src/step/lists/open.ts";
import { plainRules } from "../../packages/core/src/step/rules.ts";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";
import { compilers } from "../../packages/workers/src/kernels/compile.ts";
import { createPool } from "../../packages/workers/src/pool.ts";
import { threadModule } from "../../packages/workers/src/thread-modules.ts";
import {
  crampedExecutor,
  forgetfulExecutor,
  type Keeps,
  type PairCount,
  spoilingExecutor,
} from "../support/forgetful-executor.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { law } from "../support/laws.ts";
import { inOrder, orderedTiles } from "../support/ordered.ts";
import { COVARIANCE_TYPES } from "../support/scenes.ts";
import { threadsExecutor } from "../support/threads-executor.ts";

// Lists leave out pairs that the rule of zero makes 0, and nothing else: a fit has the same bits with lists, without, and
// with lists that are forgotten now and then.

interface Scene {
  readonly points: FlatPoints;
  readonly pointWeights: number[] | undefined;
  readonly options: FitOptions;
}

const KERNELS = ["simd", "simd256"] as const;

function sceneOf(seed: number, least: number): Scene {
  const random = randomStream(seed, "lists");
  const pick = <T>(values: readonly T[]) => values[Math.floor(random.uniform() * values.length)];
  const features = 1 + Math.floor(random.uniform() * 20);
  const components = 4 + Math.floor(random.uniform() ** 2 * 60);
  const dtype = pick(["f64", "f64", "f32"] as const);
  const points = pointsOf(random, {
    components,
    features,
    count: Math.max(2000, Math.ceil(least / (components * (16 + 2 * features ** 2)))),
    spread: pick([0.5, 2, 4, 10]),
    offset: dtype === "f64" ? pick([0, 0, 1e8]) : 0,
    thin: pick([1, 1, 1e-4]),
    noise: pick([0, 0, 0.05]),
    sorted: random.uniform() < 0.8,
  });
  const weight = () => (random.uniform() < 0.1 ? 0 : 10 ** (4 * random.uniform() - 2));
  const count = points.data.length / features;
  return {
    points: { features, data: dtype === "f64" ? points.data : Float32Array.from(points.data) },
    pointWeights:
      random.uniform() < 0.3 ? Array.from({ length: count }, (_, i) => (i === 0 ? 1 : weight())) : undefined,
    options: {
      components,
      covarianceType: pick(COVARIANCE_TYPES),
      maxIterations: 10,
      tolerance: 0,
      initialization: pick(["k-means++", "random"] as const),
      ...(random.uniform() < 0.3 && { prior: {}, inference: pick(["em", "variational"] as const) }),
      ...(dtype === "f32" && { compute: pick(["f32", "f64"] as const) }),
    },
  };
}

interface Cloud {
  readonly components: number;
  readonly features: number;
  readonly count: number;
  /** of the centres */
  readonly spread: number;
  readonly offset: number;
  /** the last feature is the first, but for so much */
  readonly thin: number;
  /** share of points all over the place */
  readonly noise: number;
  /** do neighbours stand next to each other? */
  readonly sorted: boolean;
}

function pointsOf(random: Random, given: Cloud): FlatPoints {
  const { components, features, count, spread, offset, thin, noise, sorted } = given;
  const centres = Float64Array.from({ length: components * features }, () => spread * random.normal());
  const data = new Float64Array(count * features);
  for (let i = 0; i < count; i++) {
    const component = Math.floor((sorted ? i / count : random.uniform()) * components);
    const deviation = random.uniform() < noise ? 20 : 1;
    const row = data.subarray(i * features, (i + 1) * features);
    for (let j = 0; j < features; j++) row[j] = centres[component * features + j] + deviation * random.normal();
    if (thin < 1) row[features - 1] = row[0] + thin * random.normal();
    for (let j = 0; j < features; j++) row[j] += offset;
  }
  return { data, features };
}

/**
 * Hundreds or thousands of components, from a mixture of the groups as they were drawn, but for widths that are wrong by a
 * factor: steps that shrink or move components far look at them again.
 */
function manyOf(seed: number): Scene & { readonly dtype: "f64" | "f32" } {
  const random = randomStream(seed, "many");
  const pick = <T>(values: readonly T[]) => values[Math.floor(random.uniform() * values.length)];
  const features = 1 + Math.floor(random.uniform() ** 2 * 40);
  const work = 16 + 2 * features ** 2;
  const most = Math.min(3000, Math.floor(Math.sqrt(MOST_WORK / work)));
  const components = 256 + Math.floor(random.uniform() ** 2 * (most - 256));
  const dtype = pick(["f64", "f64", "f64", "f32"] as const);
  const count = Math.max(3 * components, Math.ceil(2 ** 23 / (components * work)));
  const cloud = {
    ...{ components, features, count, sorted: true },
    spread: pick([3, 10, 30]),
    offset: dtype === "f64" ? pick([0, 0, 1e8]) : 0,
    thin: pick([1, 1, 1e-4]),
    noise: pick([0, 0, 0.02]),
  };
  const points = pointsOf(random, cloud);
  const covarianceType = pick<CovarianceType>(["full", "full", ...COVARIANCE_TYPES]);
  return {
    dtype,
    points: { features, data: dtype === "f64" ? points.data : Float32Array.from(points.data) },
    pointWeights:
      random.uniform() < 0.3 ? Array.from({ length: count }, () => 10 ** (4 * random.uniform() - 2)) : undefined,
    options: {
      components,
      initialization: GaussianMixture.fromParameters({
        ...{ components, features, covarianceType },
        weights: new Float64Array(components).fill(1 / components),
        means: Float64Array.from({ length: components * features }, (_, i) => {
          const point = Math.floor(((Math.floor(i / features) + 0.5) * count) / components);
          return points.data[point * features + (i % features)];
        }),
        covariances: widths(covarianceType, components, features, pick([1, 1, 30, 1e4])),
      }),
      maxIterations: 4,
      tolerance: 0,
      ...(random.uniform() < 0.5 && { prior: {} }),
    },
  };
}

/** variance · I for each component, as the type has it. */
function widths(type: CovarianceType, components: number, features: number, variance: number): number[] {
  const matrix = Array.from({ length: features ** 2 }, (_, i) => (i % (features + 1) === 0 ? variance : 0));
  const { matrix: kind, shared } = covarianceRow(type);
  const each = { triangle: matrix, diagonal: new Array<number>(features).fill(variance), scalar: [variance] }[kind];
  return shared ? each : Array.from({ length: components }, () => each).flat();
}

const allocate = (bytes: number) => new SharedArrayBuffer(bytes);

/** Of a dense step, n = 3k: 3 k² (16 + 2 d²) flops. */
const MOST_WORK = 6e8;

/** The whole fit as text, or the error that ended it. */
async function fitted(tiles: Tiles, kernel: "simd" | "simd256", options: FitOptions, keeps: Keeps, count?: PairCount) {
  const { compute: arithmetic = "f64" } = options;
  const executor = inThreadExecutor(tiles, kernel, { arithmetic, compilers: compilers() });
  return ended(forgetfulExecutor(executor, keeps, count), options);
}

async function ended(executor: Executor, options: FitOptions): Promise<string> {
  try {
    return JSON.stringify(await lastOf(fit(executor, resolveFitOptions(options))));
  } catch (error) {
    return String(error);
  }
}

async function lastOf<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

describe("lists of pairs change no bit", () => {
  const count: PairCount = { pairs: 0, listed: 0, again: 0, evaluated: 0 };

  law(
    "of fits of all types, weighted or not, in 64 and 32 bits, with priors and without",
    fc.record({ seed: fc.nat(), kernel: fc.constantFrom(...KERNELS), forgets: fc.integer({ min: 2, max: 5 }) }),
    20,
    async ({ seed, kernel, forgets }) => {
      const { points, pointWeights, options } = sceneOf(seed, 2 ** 22);
      const tiles = tilePoints(points, pointWeights);
      const without = await fitted(tiles, kernel, options, () => false);
      expect(await fitted(tiles, kernel, options, () => true, count)).toBe(without);
      expect(await fitted(tiles, kernel, options, (step) => step % forgets > 0)).toBe(without);
    },
  );

  const pool = createPool(2, threadModule("workerUrl"));
  const many: PairCount = { pairs: 0, listed: 0, again: 0, evaluated: 0 };

  law(
    "of steps with hundreds of components or thousands, second looks included, on one thread and on two",
    fc.record({ seed: fc.nat(), kernel: fc.constantFrom(...KERNELS), forgets: fc.integer({ min: 2, max: 5 }) }),
    8,
    async ({ seed, kernel, forgets }) => {
      const { points, pointWeights, options, dtype } = manyOf(seed);
      const tiles = await inOrder(tilesFrom(openPoints(points), { ...(pointWeights && { pointWeights }), allocate }));
      const all = { ...options, ...(dtype === "f32" && { compute: "f32" as const }) };
      const without = await fitted(tiles, kernel, all, () => false);
      expect(await fitted(tiles, kernel, all, () => true, many)).toBe(without);
      const threads = threadsExecutor(tiles, pool, { kernel, arithmetic: dtype });
      expect(
        await ended(
          forgetfulExecutor(threads, (step) => step % forgets > 0),
          all,
        ),
      ).toBe(without);
    },
  );

  law(
    "nor do blocks that leave rows instead of slots, nor lists that begin with any labels",
    fc.record({
      seed: fc.nat(),
      kernel: fc.constantFrom(...KERNELS),
      weighted: fc.boolean(),
      labelled: fc.boolean(),
    }),
    8,
    async ({ seed, kernel, weighted, labelled }) => {
      const { points, options, dtype } = manyOf(seed);
      const random = randomStream(seed, "weights");
      const count = points.data.length / points.features;
      const weights = Array.from({ length: count }, () => 10 ** (4 * random.uniform() - 2));
      const tiles = tilePoints(points, weighted ? weights : undefined);
      const executor = inThreadExecutor(tiles, kernel, { arithmetic: dtype, compilers: compilers() });
      const mixture = (options.initialization as GaussianMixture).parameters;
      const rules = plainRules(points.features);
      const label = () => Math.floor(random.uniform() * mixture.components);
      const labels = labelled ? Int32Array.from({ length: tileCount(tiles) * tiles.tileSize }, label) : undefined;
      const { lists, close } = await openLists(executor, mixture, labels);
      const [slots, rows] = [
        await expectation(executor, mixture, rules),
        await expectation(executor, mixture, rules, lists),
      ];
      close();
      for (const part of ["sums", "errors"] as const) {
        expect(rows.statistics[part].map((value) => value + 0)).toEqual(slots.statistics[part].map((v) => v + 0));
      }
    },
  );

  afterAll(async () => {
    await pool.close();
    expect(many.again).toBeGreaterThan(0);
    expect(many.listed).toBeLessThan(many.pairs);
    // else the law would say nothing
    expect(count.listed).toBeLessThan(0.99 * count.pairs);
    expect(count.evaluated).toBeGreaterThan(0);
  });
});

test("lists that are too short for what tiles need change no bit, in second looks either", async () => {
  const count = { tiles: 0, again: 0 };
  const { points, options } = manyOf(200);
  const tiles = await orderedTiles(points);
  for (const kernel of KERNELS) {
    const without = await fitted(tiles, kernel, options, () => false);
    const executor = inThreadExecutor(tiles, kernel, { compilers: compilers() });
    for (const capacity of [1, 4]) {
      expect(await ended(crampedExecutor(executor, capacity, count), options)).toBe(without);
    }
  }
  expect(count.tiles).toBeGreaterThan(0);
  expect(count.again).toBeGreaterThan(0);
});

test("a thread that dies at a tile leaves it without a list", async () => {
  const cloud = { components: 30, features: 6, count: 9000, spread: 6, offset: 0, thin: 1, noise: 0.01, sorted: true };
  const tiles = tilePoints(pointsOf(randomStream(3, "deaths"), cloud));
  const options = resolveFitOptions({ components: 30, initialization: "k-means++", maxIterations: 8, tolerance: 0 });
  const random = randomStream(4, "deaths");
  const ends = [
    inThreadExecutor(tiles, "simd"),
    spoilingExecutor(inThreadExecutor(tiles, "simd"), () => random.uniform() < 0.1),
  ];
  const [whole, spoilt] = await Promise.all(
    ends.map(async (executor) => JSON.stringify(await lastOf(fit(executor, options)))),
  );
  expect(spoilt).toBe(whole);
});

test("lists of hundreds of components, in groups of one tile and of several", async () => {
  for (const components of [40, 300]) {
    const cloud = { components, features: 4, count: 9000, spread: 12, offset: 0, thin: 1, noise: 0.01, sorted: true };
    const tiles = tilePoints(pointsOf(randomStream(components, "hundreds"), cloud));
    const options = { components, initialization: "k-means++", maxIterations: 6, tolerance: 0 } as const;
    const count: PairCount = { pairs: 0, listed: 0, again: 0, evaluated: 0 };
    const without = await fitted(tiles, "simd", options, () => false);
    expect(await fitted(tiles, "simd", options, () => true, count)).toBe(without);
    expect(count.listed).toBeLessThan(0.3 * count.pairs);
  }
});

/** A component about a point of every group, and those that are far about nothing. */
function someFar(
  data: ArrayLike<number>,
  { components, features, count }: Pick<Cloud, "components" | "features" | "count">,
  isFar: (component: number) => boolean,
): GaussianMixture {
  const means = Float64Array.from({ length: components * features }, (_, i) => {
    const component = Math.floor(i / features);
    const point = Math.floor(((component + 0.5) * count) / components);
    return isFar(component) ? 1e6 : data[point * features + (i % features)];
  });
  return GaussianMixture.fromParameters({
    ...{ components, features, covarianceType: "full", means },
    weights: new Float64Array(components).fill(1 / components),
    covariances: widths("full", components, features, 3),
  });
}

test("components that are dropped leave the lists", async () => {
  const cloud = { components: 40, features: 8, count: 20_000, spread: 10, offset: 0, thin: 1, noise: 0, sorted: true };
  const { components } = cloud;
  const points = pointsOf(randomStream(3, "drop"), cloud);
  const tiles = tilePoints(points);
  const options: FitOptions = {
    components,
    initialization: someFar(points.data, cloud, (component) => component % 7 === 3),
    ...{ emptyComponent: "drop", maxIterations: 6, tolerance: 0 },
  };
  const without = await fitted(tiles, "simd", options, () => false);
  expect(JSON.parse(without).mixture.components).toBe(34);
  expect(await fitted(tiles, "simd", options, () => true)).toBe(without);
});

test("what the last step knows tells the densities of all points, where components are empty and at the end", async () => {
  const [components, features] = [300, 8];
  const cloud = { components, features, count: 20_000, spread: 10, offset: 0, thin: 1, noise: 0, sorted: true };
  const points = pointsOf(randomStream(3, "reseed"), cloud);
  const tiles = await orderedTiles(points);
  const options: FitOptions = {
    components,
    initialization: someFar(points.data, cloud, (component) => component % 70 === 3),
    ...{ emptyComponent: "reseed", prior: {}, acceleration: "none", schedule: "full", maxIterations: 6, tolerance: 0 },
  };
  for (const kernel of KERNELS) {
    const count: PairCount = { pairs: 0, listed: 0, again: 0, evaluated: 0 };
    const without = await fitted(tiles, kernel, options, () => false);
    expect(await fitted(tiles, kernel, options, () => true, count)).toBe(without);
    expect(JSON.parse(without).warnings).toContainEqual(
      expect.objectContaining({ code: "EMPTY_COMPONENT", policy: "reseed" }),
    );
    expect(count.evaluated).toBe(2);
    expect(await fitted(tiles, kernel, options, (step) => step % 2 === 0)).toBe(without);
  }
});

test("lists are kept by any number of threads", async () => {
  const cloud = {
    components: 20,
    features: 8,
    count: 20_000,
    spread: 6,
    offset: 0,
    thin: 1,
    noise: 0.01,
    sorted: true,
  };
  const points = pointsOf(randomStream(1, "threads"), cloud);
  const options = { components: 20, initialization: "k-means++", maxIterations: 8, tolerance: 0 } as const;
  const without = JSON.parse(await fitted(await orderedTiles(points), "simd", options, () => false));
  for (const threads of [1, 2, 3]) {
    await using engine = await createEngine({ threads, offThread: false, kernel: "simd" });
    const { history, lowerBound, mixture } = await engine.fit(points, options);
    expect([...history, lowerBound]).toEqual([...without.history, without.lowerBound]);
    expect(Array.from(mixture.parameters.means)).toEqual(Object.values(without.mixture.means));
  }
});
