import {
  COVARIANCE_TYPES,
  type Executor,
  type FitOptions,
  fit,
  type Mixture,
  resolveFitOptions,
  summarize,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { resize } from "../../../../../packages/core/src/fit/exchange/resize.ts";
import { rulesFor } from "../../../../../packages/core/src/fit/rules.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { executorsBy } from "../../../../support/steps.ts";

const executorOf = executorsBy("simd");

/** Six groups at the corners of a grid. */
const random = randomStream(5, "resize");
const points = Array.from({ length: 1200 }, (_, i) => [
  9 * (i % 3) + random.normal(),
  9 * (Math.floor(i / 3) % 2) + random.normal(),
]);

async function fitted(options: FitOptions) {
  const steps = fit(executorOf(points), resolveFitOptions(options));
  let next = await steps.next();
  while (!next.done) next = await steps.next();
  return next.value;
}

const from = (mixture: Mixture) => ({ parameters: mixture });

describe("a mixture to start from", () => {
  test.each(COVARIANCE_TYPES)(
    "is grown and shrunk to the wanted size, and finds the groups: %s",
    async (covarianceType) => {
      const right = await fitted({ components: 6, covarianceType });
      const small = await fitted({ components: 1, covarianceType });
      const large = await fitted({ components: 11, covarianceType });
      for (const start of [small, large]) {
        const { mixture, lowerBound } = await fitted({
          components: 6,
          covarianceType,
          initialization: from(start.mixture),
        });
        expect(mixture.components).toBe(6);
        expect(Math.abs(lowerBound - right.lowerBound)).toBeLessThan(1e-3);
        expect(mixture.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14);
      }
    },
  );

  test("where no component can be split, centres are drawn", async () => {
    const { mixture } = await fitted({ components: 1 });
    const tight = { ...mixture, means: mixture.means.map(() => 1e6) };
    const { mixture: grown, converged } = await fitted({ components: 4, initialization: from(tight) });
    expect([grown.components, converged]).toEqual([4, true]);
  });

  test("is split and shrunk without EM on a sample that is thin", async () => {
    const executor = executorOf(points);
    const runs: number[] = [];
    const watched = (of: Executor): Executor => ({
      ...of,
      over: (tiles) => watched(of.over(tiles)),
      run(pass, consume) {
        if (pass.kind === "expectation") runs.push(of.tiles.count);
        return of.run(pass, consume);
      },
    });
    const options = resolveFitOptions({ components: 3 });
    const rules = await rulesFor(executor, options, await summarize(executor));
    const context = { executor: watched(executor), rules, scales: Float64Array.of(0.1, 0.1), weight: 1 };
    const { mixture } = await fitted({ components: 3 });
    for (const components of [2, 4, 6]) {
      const settings = { components, split: { points: 500, steps: 8 }, isThin: true };
      const state = await resize(context, mixture, settings, randomStream(1, "thin"));
      expect(state?.mixture.components).toBe(components);
    }
    expect(runs).not.toContain(points.length);
    expect(runs.length).toBeGreaterThan(0);
  });

  test("of the wanted size is the start itself", async () => {
    const { mixture } = await fitted({ components: 3, maxIterations: 2 });
    const on = await fitted({ components: 3, initialization: from(mixture), maxIterations: 1 });
    const { history } = await fitted({ components: 3, maxIterations: 3 });
    expect(on.history[0]).toBe(history[2]);
  });
});
