import { type FitOptions, fit, GaussianMixture, resolveFitOptions } from "@emix/core";
import { createEngine } from "emix";
import { describe, expect, test } from "vitest";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { expectFailure, expectRejection } from "../../../../support/failures.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { orderedTiles } from "../../../../support/ordered.ts";
import { clusters } from "../../../../support/points.ts";

const ROWS = [[0], [1], [2], [10], [12], [14], [5]];

/** The start itself: no step is taken. */
async function startOf(initialization: FitOptions["initialization"], options: Partial<FitOptions> = {}, rows = ROWS) {
  const executor = inThreadExecutor(tilePoints(rows, undefined));
  const given = { tolerance: 0, maxIterations: 1, acceleration: "none", ...options, initialization } as FitOptions;
  const steps = fit(executor, resolveFitOptions(given));
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

/** What the first step begins with, as its bound tells. */
const boundOf = async (...given: Parameters<typeof startOf>) => (await startOf(...given)).history[0];

function boundFrom(parameters: Parameters<typeof GaussianMixture.fromParameters>[0]): number {
  return GaussianMixture.fromParameters(parameters).score(ROWS);
}

const TWO = { weights: [0.5, 0.5], means: [[1], [12]], covariances: [[[2 / 3]], [[8 / 3]]] };

describe("a start that is given", () => {
  test("by labels is an M-step of the rows that have one", async () => {
    expect(await boundOf({ labels: [0, 0, 0, 1, 1, 1, -1] })).toBeCloseTo(boundFrom(TWO), 12);
    expect(await boundOf({ labels: Int32Array.of(0, 0, 0, 1, 1, 1, -1) }, { components: 2 })).toBeCloseTo(
      boundFrom(TWO),
      12,
    );
  });

  test("by responsibilities is an M-step of them, flat or in rows", async () => {
    const rows = [
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 0],
    ];
    expect(await boundOf({ responsibilities: rows })).toBeCloseTo(boundFrom(TWO), 12);
    expect(await boundOf({ responsibilities: rows.flat() }, { components: 2 })).toBeCloseTo(boundFrom(TWO), 12);
  });

  test("by means gives every point to the nearest", async () => {
    const near = { weights: [4 / 7, 3 / 7], means: [[2], [12]], covariances: [[[3.5]], [[8 / 3]]] };
    expect(await boundOf({ means: [[0], [13]] })).toBeCloseTo(boundFrom(near), 12);
  });

  test("goes by the caller's rows where points are stored otherwise, and where some are left out", async () => {
    const count = 5000;
    const { data, features } = clusters(count, 2, 3, "given");
    const labels = Int32Array.from({ length: count }, (_, i) => (i % 5 === 0 ? -1 : i % 3));
    const options = resolveFitOptions({ components: 3, initialization: { labels }, tolerance: 0, maxIterations: 1 });
    const histories: number[] = [];
    for (const tiles of [tilePoints({ data, features }), await orderedTiles({ data, features })]) {
      const steps = fit(inThreadExecutor(tiles, "simd"), options);
      let next = await steps.next();
      while (!next.done) next = await steps.next();
      histories.push(next.value.history[0]);
    }
    expect(histories[1]).toBeCloseTo(histories[0], 10);
    await using engine = await createEngine({ threads: 1, offThread: true });
    const rows = [...ROWS.slice(0, 3), [Number.NaN], ...ROWS.slice(3)];
    const { history } = await engine.fit(rows, {
      components: 2,
      missing: "drop",
      initialization: { labels: [0, 0, 0, 0, 1, 1, 1, -1] },
      acceleration: "none",
    });
    expect(history[0]).toBeCloseTo(boundFrom(TWO), 12);
  });

  test("decides how many components there are", () => {
    const componentsOf = (initialization: FitOptions["initialization"]) =>
      resolveFitOptions({ initialization } as FitOptions).components;
    expect(componentsOf({ labels: [0, 4, 1] })).toBe(5);
    expect(componentsOf({ means: [[0], [1]] })).toBe(2);
    expect(componentsOf({ responsibilities: [[0, 1, 0]] })).toBe(3);
    expect(() => componentsOf({ responsibilities: [0, 1, 0] })).toThrow(/`components`/);
  });
});

describe("a start that cannot be", () => {
  test.each<[unknown, Partial<FitOptions>, RegExp]>([
    [
      { labels: [0, 1.5] },
      {},
      /^Expected `initialization.labels\[1\]` to be a component, counted from 0, or −1, got 1.5/,
    ],
    [{ labels: [0, -2] }, {}, /`initialization.labels\[1\]`/],
    [{ labels: [] }, {}, /`initialization.labels` to be an array that is not empty/],
    [{ labels: 3 }, {}, /`initialization.labels` to be an array that is not empty, got 3/],
    [{ labels: [0], means: [[0]] }, {}, /to be only one of `labels`, `responsibilities` and `means`, got /],
    [{ labels: [0, 3] }, { components: 2 }, /^Expected `components` to be 4, as many as `initialization.labels` has/],
    [{ means: [[0], [1]] }, { components: 3 }, /^Expected `components` to be 2, as many as `initialization.means` has/],
    [{ means: [[0], [1, 2]] }, {}, /`initialization.means\[1\]` to be as many numbers as the points have features/],
    [{ means: [[0], [Number.NaN]] }, {}, /`initialization.means\[1\]` to be finite numbers/],
    [{ labels: [0, 1] }, { restarts: 2 }, /^Expected `restarts` to be 1 with such a start/],
    [{ label: [0] }, {}, /^Expected `initialization` to be "default"/],
  ])("%j %j is refused before any point is seen", (initialization, options, message) => {
    const given = { components: 1, ...options, initialization };
    expectFailure(() => resolveFitOptions(given as FitOptions), "INVALID_OPTION", message);
  });

  test("is refused with the points", async () => {
    const rejected = (initialization: FitOptions["initialization"], code: "INVALID_OPTION" | "FEATURES_MISMATCH") =>
      expectRejection(startOf(initialization, { components: 2 }), code);
    expect((await rejected({ labels: [0, 1] }, "INVALID_OPTION")).message).toContain("7 numbers, one for each row");
    const labels = [0, 0, 0, 0, 0, 0, 0];
    expect((await rejected({ labels }, "INVALID_OPTION")).message).toContain(
      "every component has a point, as 1 has none",
    );
    expect((await rejected({ means: [[0], [1e9]] }, "INVALID_OPTION")).message).toContain("as 1 has none");
    await rejected(
      {
        means: [
          [0, 1],
          [2, 3],
        ],
      },
      "FEATURES_MISMATCH",
    );
    expect((await rejected({ responsibilities: [[1, 0]] }, "INVALID_OPTION")).message).toContain(
      "initialization.responsibilities",
    );
  });
});
