import { type Executor, KernelPrograms, type TilesInMemory } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kMeansPlusPlus } from "../../packages/core/src/fit/initialization/k-means-plus-plus.ts";
import { seedInTree } from "../../packages/core/src/fit/initialization/seed-in-tree.ts";
import type { Seeded } from "../../packages/core/src/fit/initialization/seeding.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { law } from "../support/laws.ts";
import { nearestLabels } from "../support/nearest-labels.ts";

// What a tree of balls leaves out changes nothing: k-means++ and the search for the nearest centre give the bits of going
// over every point.

/** How points are drawn. */
interface Cloud {
  readonly seed: number;
  readonly count: number;
  readonly features: number;
  readonly groups: number;
  /** of the groups' centres, where a group's own is 1 */
  readonly spread: number;
  /** power of two by which everything is multiplied, and what is added then */
  readonly scale: number;
  readonly offset: number;
  readonly rounded: boolean;
  readonly weighted: boolean;
}

const clouds: fc.Arbitrary<Cloud> = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  count: fc.integer({ min: 20, max: 1500 }),
  features: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 20, 24, 31, 33, 40, 57, 70, 100)),
  groups: fc.integer({ min: 1, max: 40 }),
  spread: fc.constantFrom(0, 1, 4, 20, 1000),
  scale: fc.constantFrom(0, 0, -40, 30, -560),
  offset: fc.constantFrom(0, 0, 1e3, 1e8),
  rounded: fc.boolean(),
  weighted: fc.boolean(),
});

/** Points of a group are neighbours in part only: their order is shuffled here and there. */
function tilesOf({ seed, count, features, groups, spread, scale, offset, rounded, weighted }: Cloud): TilesInMemory {
  const random = randomStream(seed, "cloud");
  const centres = Array.from({ length: groups * features }, () => spread * random.normal());
  const rows = Array.from({ length: count }, (_, i) => {
    const own = random.uniform() < 0.1 ? Math.floor(random.uniform() * groups) : Math.floor((i * groups) / count);
    return Array.from({ length: features }, (_, j) => {
      const x = centres[own * features + j] + random.normal();
      return ((rounded ? Math.round(x) : x) + offset) * 2 ** scale;
    });
  });
  const weights = Array.from(
    { length: count },
    () => Math.max(0, Math.round(4 * random.uniform()) - 1) + 0.5 * random.uniform(),
  );
  return tilePoints(rows, weighted ? weights.map((weight) => (weight < 0.3 ? 0 : weight)) : undefined);
}

const executorOf = (tiles: TilesInMemory): Executor => inThreadExecutor(tiles, "simd");

async function outcome(make: (use: (seeded: Seeded) => Promise<unknown>) => Promise<unknown[]>, tiles: TilesInMemory) {
  const counts = (i: number) => i < tiles.count && (tiles.pointWeights === null || tiles.pointWeights[i] > 0);
  try {
    return await make(async ({ centres, labels }) => ({ centres, labels: labels.filter((_, i) => counts(i)) }));
  } catch (error) {
    return String(error);
  }
}

describe("k-means++", () => {
  const cases = fc.tuple(
    clouds,
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 9 }),
    fc.constantFrom(1, 2),
  );
  law("in a tree of balls is that of passes over all points, bit for bit", cases, 150, async (drawn) => {
    const [cloud, components, candidates, power] = drawn;
    const tiles = tilesOf(cloud);
    const executor = executorOf(tiles);
    const options = { components, candidates, power: power as 1 | 2 };
    const streams = (): Random[] => [0, 1].map((index) => randomStream(cloud.seed, "tree", index));
    const program = executor.programs.balls(tiles, Number.POSITIVE_INFINITY);
    if (program === null) throw new Error("there is a program");
    const inTree = await outcome((use) => seedInTree(executor, { ...options, program }, streams(), use), tiles);
    expect(inTree).toEqual(await outcome((use) => kMeansPlusPlus(executor, options, streams(), use), tiles));
  });
});

describe("the nearest centre", () => {
  const strict = new KernelPrograms({ kernel: "simd", strict: true });

  async function labelsOf(
    tiles: TilesInMemory,
    centres: Float64Array,
    program = strict.balls(tiles, Number.POSITIVE_INFINITY),
  ) {
    const { features } = tiles;
    const parameters = Float64Array.of(...new Array(features).fill(0), ...new Array(features).fill(1), ...centres);
    const labels = new Int32Array(Math.ceil(tiles.count / tiles.tileSize) * tiles.tileSize);
    await executorOf(tiles).run({ kind: "nearest", program, parameters, labels }, () => undefined);
    return labels;
  }

  law(
    "of every point is found in a tree of centres",
    fc.tuple(clouds, fc.integer({ min: 1, max: 700 })),
    150,
    async (drawn) => {
      const [cloud, components] = drawn;
      const tiles = tilesOf(cloud);
      // Some centres are points of the cloud, and some are there twice.
      const other = tilesOf({
        ...cloud,
        count: Math.max(20, components),
        seed: cloud.seed % 2 === 0 ? cloud.seed : cloud.seed + 1,
      });
      const centres = Float64Array.from({ length: components * tiles.features }, (_, at) => {
        const [c, j] = [Math.floor(at / tiles.features), at % tiles.features];
        const row = c % 7 === 3 ? c - 1 : c;
        return other.data[
          (row - (row % tiles.tileSize)) * tiles.features + j * tiles.tileSize + (row % tiles.tileSize)
        ];
      });
      expect(await labelsOf(tiles, centres)).toEqual(nearestLabels(tiles, centres));
    },
  );

  test("is found without a program as well", async () => {
    const tiles = tilePoints([[1], [2], [9], [5.5]]);
    const centres = Float64Array.of(0, 5, 6, 10);
    expect([...(await labelsOf(tiles, centres, null)).subarray(0, 4)]).toEqual([0, 0, 3, 1]);
  });
});
