import { blockRange, type Executor, type KernelChoice, type PointsLike, type Tiles } from "@emix/core";
import { describe, expect, test } from "vitest";
import {
  greedyCandidates,
  kMeansPlusPlus,
} from "../../../../../packages/core/src/fit/initialization/k-means-plus-plus.ts";
import type { Seeded, SeedingOptions } from "../../../../../packages/core/src/fit/initialization/seeding.ts";
import { blockGrid } from "../../../../../packages/core/src/passes/blocks.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { type Random, randomStream } from "../../../../../packages/core/src/random.ts";
import { expectRejection } from "../../../../support/failures.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { nearestLabels } from "../../../../support/nearest-labels.ts";
import { orderedTiles } from "../../../../support/ordered.ts";
import { clusters } from "../../../../support/points.ts";
import { executorOf } from "../../../../support/steps.ts";
import { twice } from "../../../../support/twice.ts";

/** The centres of each run. */
const drawn: (executor: Executor, options: SeedingOptions, streams: readonly Random[]) => Promise<Float64Array[]> = (
  executor,
  options,
  streams,
) => kMeansPlusPlus(executor, options, streams, async ({ centres }) => centres);

const streams = (count: number, seed = 1) => Array.from({ length: count }, (_, i) => randomStream(seed, "test", i));

async function centresOf(points: PointsLike, components: number, random: Random, weights?: number[], candidates = 1) {
  const [centres] = await drawn(executorOf(points, weights), { components, candidates }, [random]);
  return [...centres];
}

/** n × d normal points, from a seed. */
function cloud(count: number, features: number, seed = 1): { data: Float64Array<ArrayBuffer>; features: number } {
  const random = randomStream(seed, "cloud");
  return { data: Float64Array.from({ length: count * features }, () => random.normal()), features };
}

/** The first index whose running sum is beyond the target. */
function firstBeyond(masses: readonly number[], target: number): number {
  let running = 0;
  return masses.findIndex((mass) => {
    running += mass;
    return running > target;
  });
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Greedy k-means++ on a line as it is written down, a draw for the block and one within it. in: blocks, of points */
function byTheBook(
  xs: readonly number[],
  weights: readonly number[] | null,
  blocks: readonly (readonly [number, number])[],
  components: number,
  candidates: number,
  random: Random,
): number[] {
  const weightOf = (i: number) => weights?.[i] ?? 1;
  const first = random.uniform();
  const centres = [xs[weights === null ? Math.floor(first * xs.length) : firstBeyond(weights, first * total(weights))]];
  const left = (also: readonly number[]) =>
    xs.map((x, i) => weightOf(i) * Math.min(...[...centres, ...also].map((centre) => (x - centre) ** 2)));
  while (centres.length < components) {
    const masses = left([]);
    const ofBlocks = blocks.map(([from, to]) => total(masses.slice(from, to)));
    const drawn = Array.from({ length: candidates }, () => {
      const [from, to] = blocks[firstBeyond(ofBlocks, random.uniform() * total(ofBlocks))];
      const own = masses.slice(from, to);
      return xs[from + firstBeyond(own, random.uniform() * total(own))];
    });
    const potentials = drawn.map((candidate) => total(left([candidate])));
    centres.push(drawn[potentials.indexOf(Math.min(...potentials))]);
  }
  return centres;
}

describe("k-means++", () => {
  // Whole numbers, so that sums are exact in any order.
  test.each([
    [90, false, 1],
    [90, true, 1],
    [90, true, 4],
    [5000, false, 3],
    [5000, true, 2],
  ])("is drawn by the book: %d points, weights %s, %d candidates", async (count, weighted, candidates) => {
    const random = randomStream(count, "book");
    const xs = Array.from({ length: count }, () => Math.floor(1000 * random.uniform()));
    const weights = weighted ? xs.map(() => Math.floor(4 * random.uniform())) : null;
    const tiles = tilePoints(
      xs.map((x) => [x]),
      weights ?? undefined,
    );
    const grid = blockGrid(tiles, 1);
    const blocks = Array.from({ length: grid.blocks }, (_, block) => {
      const { first, end } = blockRange(grid, block);
      return [first * tiles.tileSize, Math.min(end * tiles.tileSize, count)] as const;
    });
    expect(blocks.length).toBe(count === 90 ? 1 : 3);
    for (let seed = 0; seed < 6; seed++) {
      const centres = await centresOf(
        xs.map((x) => [x]),
        4,
        randomStream(seed, "by"),
        weights ?? undefined,
        candidates,
      );
      expect(centres).toEqual(byTheBook(xs, weights, blocks, 4, candidates, randomStream(seed, "by")));
    }
  });

  test("shares passes among 256 runs, or as many as 16 MiB hold", async () => {
    const seen = async (count: number, runs: number, components: number, candidates: number) => {
      const plain = executorOf(Array.from({ length: count }, (_, i) => [i % 1000]));
      const [lent, passes]: [number[], number[]] = [[], []];
      const executor: Executor = {
        ...plain,
        lend: (bytes, use) => {
          lent.push(bytes);
          return plain.lend(bytes, use);
        },
        run: (pass, consume) => {
          if (pass.kind === "distances") passes.push(pass.restarts * (1 + pass.candidates));
          return plain.run(pass, consume);
        },
      };
      const centres = await drawn(executor, { components, candidates }, streams(runs));
      expect(centres.length).toBe(runs);
      return { lent, passes };
    };
    // Two tiles: 12 bytes a point, 16 a tile and 8 for each candidate. A single candidate is taken in at once; the last of several, in the end.
    const bytesOf = (tiles: number, candidates: number) => tiles * (64 * 12 + 16 + 8 * candidates);
    expect(await seen(100, 256, 3, 2)).toEqual({ lent: [256 * bytesOf(2, 2)], passes: [256, 768, 768, 256] });
    const each = bytesOf(2, 1);
    expect(await seen(100, 257, 2, 1)).toEqual({ lent: [256 * each, each], passes: [256, 256, 1, 1] });
    expect(await seen(100, 1, 1, 3)).toEqual({ lent: [bytesOf(2, 3)], passes: [1] });
    const tiles = 10_000;
    const bytes = bytesOf(tiles, 1);
    expect((await seen(64 * tiles - 1, 3, 2, 1)).lent).toEqual([2 * bytes, bytes]);
  });

  test("2 + ⌊ln k⌋ candidates", () => {
    expect([1, 2, 3, 8, 64].map(greedyCandidates)).toEqual([2, 2, 3, 4, 6]);
  });

  test("centres are distinct points of the data", async () => {
    const points = Array.from({ length: 200 }, (_, i) => [i % 20, (i % 4) * 7]);
    const known = new Set(points.map((point) => point.join()));
    for (const candidates of [1, 3]) {
      const centres = await drawn(executorOf(points), { components: 20, candidates: candidates }, streams(20));
      for (const run of centres) {
        const rows = Array.from({ length: 20 }, (_, c) => [...run.slice(2 * c, 2 * c + 2)].join());
        expect(new Set(rows).size).toBe(20);
        expect(rows.every((row) => known.has(row))).toBe(true);
      }
    }
  });

  test("points of weight 0 are never chosen, wherever they lie", async () => {
    const points = Array.from({ length: 300 }, (_, i) => [i % 2 === 0 ? i : 1e6 + i]);
    const weights = points.map((_, i) => (i % 2 === 0 ? 1 : 0));
    for (const random of streams(50)) {
      const centres = await centresOf(points, 5, random, weights, 2);
      expect(centres.every((x) => x < 1e6)).toBe(true);
    }
  });

  test("the first centre is drawn by weight", async () => {
    const points = [[0], [1], [2]];
    const weights = [1, 2, 5];
    const seen = [0, 0, 0];
    const draws = 4000;
    for (const random of streams(draws)) seen[(await centresOf(points, 1, random, weights))[0]] += 1;
    seen.forEach((count, i) => {
      expect(Math.abs(count / draws - weights[i] / 8)).toBeLessThan(0.03);
    });
  });

  test("the next is drawn by weight × squared distance", async () => {
    const points = [[0], [1], [3]];
    const weights = [1e12, 4, 1];
    const seen = new Map<number, number>();
    const draws = 4000;
    for (const random of streams(draws)) {
      const second = (await centresOf(points, 2, random, weights))[1];
      seen.set(second, (seen.get(second) ?? 0) + 1);
    }
    expect((seen.get(1) ?? 0) / draws).toBeCloseTo(4 / 13, 1);
    expect((seen.get(3) ?? 0) / draws).toBeCloseTo(9 / 13, 1);
    expect(seen.has(0)).toBe(false);
  });

  test("with power 1 the next is drawn by weight × distance", async () => {
    const executor = executorOf([[0], [1], [3]], [1e12, 4, 1]);
    const draws = 4000;
    const seen = new Map<number, number>();
    for (const random of streams(draws)) {
      const [centres] = await drawn(executor, { components: 2, candidates: 1, power: 1 }, [random]);
      seen.set(centres[1], (seen.get(centres[1]) ?? 0) + 1);
    }
    expect((seen.get(1) ?? 0) / draws).toBeCloseTo(4 / 7, 1);
    expect((seen.get(3) ?? 0) / draws).toBeCloseTo(3 / 7, 1);
  });

  test("of several candidates the one that leaves the least potential wins", async () => {
    // After 0, drawing the far pair's middle leaves least; with many candidates it is found for certain.
    const points = [...new Array(50).fill([0]), [99], [100], [101]];
    const weights = points.map((_, i) => (i < 50 ? 1e9 : 1));
    for (const random of streams(20)) {
      const centres = await centresOf(points, 2, random, weights, 40);
      expect(centres).toEqual([0, 100]);
    }
  });

  test.each([
    [1, 2],
    [4, 2],
    [3, 1],
  ] as const)(
    "by bounds or without: the same centres, labels and bits: %d candidates, power %d",
    async (candidates, power) => {
      const points = clusters(6000, 3, 6, `bounds ${candidates}`);
      for (const weighted of [false, true]) {
        const weights = Float64Array.from({ length: 6000 }, (_, i) => i % 4);
        const tiles = await orderedTiles(points, weighted ? weights : undefined);
        const found = async (given: Tiles, kernel: KernelChoice) => {
          const options = { components: 9, candidates, power };
          const copied = async ({ centres, labels }: Seeded) => ({ centres, labels: labels.slice(0, 6000) });
          return kMeansPlusPlus(inThreadExecutor(given, kernel), options, streams(3, 5), copied);
        };
        for (const kernel of ["reference", "simd"] as const) {
          const bounded = await found(tiles, kernel);
          const plain = await found({ ...tiles, order: null }, kernel);
          for (const [run, { centres, labels }] of bounded.entries()) {
            expect(centres).toEqual(plain[run].centres);
            const expected = nearestLabels(tiles, centres);
            const weighs = (i: number) => (tiles.pointWeights?.[i] ?? 1) > 0;
            expect([...labels.keys()].filter((i) => weighs(i) && labels[i] !== expected[i])).toEqual([]);
          }
        }
      }
    },
  );

  test("blocks that are done again change nothing", async () => {
    const tiles = await orderedTiles(clusters(6000, 3, 6, "again"));
    const found = (executor: Executor) =>
      kMeansPlusPlus(executor, { components: 8, candidates: 3 }, streams(2), async ({ centres, labels }) => {
        return { centres, labels: labels.slice() };
      });
    const executor = inThreadExecutor(tiles, "simd");
    expect(await found(twice(executor))).toEqual(await found(executor));
  });

  test("runs of a group equal runs alone, bit for bit", async () => {
    const points = cloud(5000, 3);
    const together = await drawn(executorOf(points), { components: 6, candidates: 3 }, streams(5));
    for (const [i, centres] of together.entries()) {
      const [alone] = await drawn(executorOf(points), { components: 6, candidates: 3 }, [streams(5)[i]]);
      expect(centres).toEqual(alone);
    }
    expect(together[0]).not.toEqual(together[1]);
  });

  test("more runs than fit one group are the same too", async () => {
    const points = cloud(130, 1);
    const many = await drawn(executorOf(points), { components: 3, candidates: 2 }, streams(300));
    expect(many.length).toBe(300);
    for (const i of [0, 255, 256, 299]) {
      expect(many[i]).toEqual(
        (await drawn(executorOf(points), { components: 3, candidates: 2 }, [streams(300)[i]]))[0],
      );
    }
  });

  test.each([1, 2, 5])("too few distinct points: %i", async (distinct) => {
    const points = Array.from({ length: 100 }, (_, i) => [i % distinct, 7]);
    const components = distinct + 1;
    const error = await expectRejection(
      drawn(executorOf(points), { components, candidates: 2 }, streams(1)),
      "TOO_FEW_DISTINCT_POINTS",
      `Expected at least ${components} distinct points for ${components} components, found ${distinct}; lower \`components\`.`,
    );
    expect(error.details).toEqual({ distinct, components });
    const [centres] = await drawn(executorOf(points), { components: distinct, candidates: 2 }, streams(1));
    expect(centres.length).toBe(2 * distinct);
  });

  test("a point that differs only in points of weight 0 does not count as distinct", async () => {
    const executor = executorOf([[1], [1], [2]], [1, 1, 0]);
    await expectRejection(
      drawn(executor, { components: 2, candidates: 2 }, streams(1)),
      "TOO_FEW_DISTINCT_POINTS",
      /found 1;/,
    );
  });
});
