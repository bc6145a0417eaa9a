import {
  type Executor,
  type FitOptions,
  fit,
  GaussianMixture,
  resolveFitOptions,
  startFrom,
  summarize,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { overflow } from "../../../../../packages/core/src/errors.ts";
import { coarseToFine } from "../../../../../packages/core/src/fit/progressive/coarse-to-fine.ts";
import { never } from "../../../../../packages/core/src/fit/restarts.ts";
import { rulesFor } from "../../../../../packages/core/src/fit/rules.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { error } from "../../../../support/compare.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { iterations } from "../../../../support/steps.ts";

const truth = GaussianMixture.fromParameters({ weights: [0.3, 0.7], means: [[0], [3]], covariances: [1, 2] });
const start = GaussianMixture.fromParameters({
  weights: [0.5, 0.5],
  means: [[1], [2]],
  covariances: [3, 3],
}).parameters;
const count = 2 ** 17;
const points = { data: truth.sample(count, { seed: 1 }).points, features: 1 };
const executor = inThreadExecutor(tilePoints(points), "simd");

/** The same executor, which counts how often it runs over how many points. */
function counting(runs: number[], of = executor, fail: (points: number) => boolean = () => false): Executor {
  const over = (of: Executor): Executor => ({
    ...of,
    over: (tiles) => over(of.over(tiles)),
    run(pass, consume) {
      if (pass.kind === "expectation") runs.push(of.tiles.count);
      if (pass.kind === "expectation" && fail(of.tiles.count)) return Promise.reject(overflow());
      return of.run(pass, consume);
    },
  });
  return over(of);
}

const ignored = () => {};

async function refined(by: Executor, options: Partial<FitOptions> = {}, seed = 1) {
  const summary = await summarize(by);
  const rules = await rulesFor(by, resolveFitOptions({ components: 2, ...options }), summary);
  return coarseToFine(
    by,
    { mixture: start, warnings: [] },
    { rules, summary },
    {
      random: randomStream(seed, "parts"),
      stop: never,
      tell: ignored,
    },
  );
}

describe("a start that is fitted to parts of the points", () => {
  test("sees the smaller part first, never all, and ends near where all points lead", async () => {
    const runs: number[] = [];
    const { mixture, course, iteration } = await refined(counting(runs));
    expect(runs).toEqual(runs.toSorted((a, b) => a - b));
    expect(new Set(runs)).toEqual(new Set([2 ** 13, 2 ** 15]));
    expect(iteration).toBe(0);
    expect(course).toMatchObject({ leap: null });
    expect(course?.pairs.length).toBeGreaterThan(0);
    const options = { tolerance: 1e-9, maxIterations: 1000, stopRule: "remaining", acceleration: "lbfgs" } as const;
    const all = await iterations(executor, startFrom(start), options);
    const found = new GaussianMixture(mixture);
    expect(error(found.means, all[all.length - 1].mixture.means)).toBeLessThan(0.1);
  });

  test("goes from the first part to all points where groups are clear", async () => {
    const clear = GaussianMixture.fromParameters({ weights: [0.5, 0.5], means: [[0], [30]], covariances: [1, 1] });
    const apart = inThreadExecutor(tilePoints({ data: clear.sample(count, { seed: 1 }).points, features: 1 }), "simd");
    const summary = await summarize(apart);
    const rules = await rulesFor(apart, resolveFitOptions({ components: 2 }), summary);
    const runs: number[] = [];
    const begun = { mixture: clear.parameters, warnings: [] };
    await coarseToFine(
      counting(runs, apart),
      begun,
      { rules, summary },
      {
        random: randomStream(1, "parts"),
        stop: never,
        tell: ignored,
      },
    );
    expect(new Set(runs)).toEqual(new Set([2 ** 13]));
  });

  test("tells every iteration on a part", async () => {
    const options = resolveFitOptions({ components: 2, initialization: "k-means++", seed: 3 });
    const parts = new Map<number, number[]>();
    const whole: number[] = [];
    const steps = fit(executor, options);
    let next = await steps.next();
    for (; !next.done; next = await steps.next()) {
      const { part, iteration } = next.value;
      if (part === undefined) whole.push(iteration);
      else {
        expect(whole).toEqual([]);
        parts.set(part, [...(parts.get(part) ?? []), iteration]);
      }
    }
    expect([...parts.keys()]).toEqual([2 ** 13, 2 ** 15]);
    for (const iterations of [...parts.values(), whole]) expect(iterations).toEqual(iterations.map((_, i) => i + 1));
    expect(whole.length).toBe(next.value.history.length);
  });

  test("depends on the seed alone", async () => {
    const [a, b, c] = [await refined(executor), await refined(executor), await refined(executor, {}, 2)];
    expect(b).toEqual(a);
    expect(c.mixture.means).not.toEqual(a.mixture.means);
  });

  test("stays as it was where a part fails, and goes on with the next", async () => {
    const runs: number[] = [];
    const none = await refined(counting(runs, executor, () => true));
    expect([none, new Set(runs)]).toEqual([startFrom(start), new Set([2 ** 13, 2 ** 15])]);
    const some = await refined(counting([], executor, (points) => points === 2 ** 13));
    expect(some.mixture.means).not.toEqual(start.means);
  });

  test("does not hide what is no failure of numbers", async () => {
    const broken: Executor = {
      ...executor,
      over: () => ({ ...executor, run: () => Promise.reject(new TypeError("bug")) }),
    };
    await expect(refined(broken)).rejects.toThrow("bug");
  });

  test("forgets a part where a floor makes the likelihood", async () => {
    expect(await refined(executor, { regularization: 0.9 })).toEqual(startFrom(start));
  });

  test("gives a prior as many points as all are worth", async () => {
    // A prior worth 2 ** 17 points at 0: half of what decides, whatever the part.
    const prior = { mean: [0], meanPrecision: count, covariance: 1 };
    const { mixture } = await refined(executor, { prior, components: 2 });
    const { mixture: without } = await refined(executor);
    expect(mixture.means[1]).toBeLessThan(without.means[1] - 0.5);
    expect(mixture.means[1]).toBeGreaterThan(0.5);
  });
});
