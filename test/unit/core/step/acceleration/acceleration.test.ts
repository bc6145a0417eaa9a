import {
  type CovarianceType,
  em,
  type FitOptions,
  GaussianMixture,
  type Mixture,
  resolveFitOptions,
  startFrom,
  summarize,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../../../packages/core/src/fit/rules.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import type { Course, Leap } from "../../../../../packages/core/src/step/acceleration/course.ts";
import { dot } from "../../../../../packages/core/src/step/acceleration/curvature.ts";
import { gradientAt } from "../../../../../packages/core/src/step/acceleration/gradient.ts";
import { expectation } from "../../../../../packages/core/src/step/expectation.ts";
import type { Iteration } from "../../../../../packages/core/src/step/iteration.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../../support/scenes.ts";
import { executorOf } from "../../../../support/steps.ts";

/** Groups that overlap, so that EM is slow, and a start near them. */
function overlapping(covarianceType: CovarianceType) {
  const { weights, means, covariances } = mixtureOf(covarianceType, 3, 2, randomStream(5, "overlapping"));
  const of = (spread: number) =>
    GaussianMixture.fromParameters({ weights, means: means.map((mean) => spread * mean), covariances, covarianceType });
  return { executor: executorOf({ data: of(0.5).sample(500, { seed: 2 }).points, features: 2 }), start: of(0.6) };
}

async function climb(covarianceType: CovarianceType, options: Partial<FitOptions>, from?: Iteration) {
  const { executor, start } = overlapping(covarianceType);
  const given = resolveFitOptions({ components: 3, covarianceType, tolerance: 1e-9, maxIterations: 5000, ...options });
  const rules = await rulesFor(executor, given, await summarize(executor));
  const all: Iteration[] = [];
  for await (const state of em(executor, from ?? startFrom(start.parameters), rules)) all.push(state);
  const last = all[all.length - 1];
  const { prior } = rules;
  const gradient = gradientAt(last.mixture, await expectation(executor, last.mixture, rules), prior.meanPrecision);
  return { all, last, slope: Math.sqrt(dot(gradient, gradient)) };
}

describe.each(COVARIANCE_TYPES)("longer steps, %s", (type) => {
  const prior = { weightConcentration: 2, meanPrecision: 1 };
  test.each([{}, { prior }])("end where EM ends, in fewer iterations, and never fall: %j", async (options) => {
    const plain = await climb(type, { ...options, acceleration: "none" });
    const longer = await climb(type, { ...options });
    const bounds = longer.all.map(({ lowerBound }) => lowerBound);
    expect(plain.last.converged && longer.last.converged).toBe(true);
    expect(longer.all.length).toBeLessThan(0.75 * plain.all.length);
    expect(Math.abs(longer.last.lowerBound - plain.last.lowerBound)).toBeLessThan(1e-8);
    expect(longer.slope).toBeLessThan(1e-4);
    bounds.forEach((bound, i) => {
      expect(bound).toBeGreaterThanOrEqual(i === 0 ? bound : bounds[i - 1]);
    });
  });
});

describe("a longer step", () => {
  const leapOf = ({ course }: Iteration) => course?.leap as Leap;
  const leaping = ({ course }: Iteration) => (course?.leap?.trial ?? 0) > 0;

  test("begins where EM gains less than 1e-4 a point, and EM's own step tells the first curvature", async () => {
    const { all } = await climb("full", {});
    const first = all.findIndex(({ course }) => course !== null);
    expect(all[first].gain).toBeLessThan(1e-4);
    expect(all[first - 1].gain).toBeGreaterThanOrEqual(1e-4);
    expect(all[first].course?.pairs).toEqual([]);
    expect([leaping(all[first]), leaping(all[first + 1])]).toEqual([false, true]);
    expect(all[first + 1].course?.pairs).toHaveLength(1);
  });

  test("that does not pay is made shorter, twice, and then EM takes its own", async () => {
    const { all } = await climb("full", {});
    const before = all.find(leaping) as Iteration;
    const leap = leapOf(before);
    const course = before.course as Course;
    // Ten steps back instead of one ahead: whatever shorter step is tried, the bound falls.
    const back = leap.step.map((value) => -10 * value);
    const astray = { ...leap, base: { ...leap.base, gradient: leap.base.gradient.map((g) => -g) }, step: back };
    expect(before.mixture).toBe(leap.mixture);
    const state = { ...before, mixture: overlapping("full").start.parameters, course: { ...course, leap: astray } };
    const { all: after } = await climb("full", { maxIterations: before.iteration + 3 }, state);
    expect(after.map(({ lowerBound }) => lowerBound)).toEqual([1, 2, 3].map(() => before.lowerBound));
    expect(after.map((state) => leapOf(state).trial)).toEqual([2, 3, 0]);
    expect(after[2].mixture).toBe(leap.base.ownStep);
    expect(after.map(({ gain, iteration }) => [gain, iteration])).toEqual(
      [1, 2, 3].map((count) => [before.gain, before.iteration + count]),
    );
  });

  test("is never the last, so that a fit ends no lower than it was", async () => {
    const { all } = await climb("full", {});
    for (const { iteration, lowerBound } of all.filter(leaping).slice(0, 8)) {
      const { last } = await climb("full", { maxIterations: iteration });
      expect([last.iteration, last.lowerBound]).toEqual([iteration, lowerBound]);
      expect(leapOf(last).trial).toBe(0);
    }
  });

  test("never leads below the floor: EM takes its own step there", async () => {
    const { all } = await climb("diag", {});
    const { executor } = overlapping("diag");
    const smallest = ({ packedCovariances }: Mixture) => Math.min(...packedCovariances);
    const lower = all.findIndex(
      (state) => leaping(state) && smallest(state.mixture) < smallest(leapOf(state).base.ownStep),
    );
    const { mixture, base } = leapOf(all[lower]);
    const floor = (smallest(mixture) + smallest(base.ownStep)) / 2;
    const given = resolveFitOptions({ components: 3, covarianceType: "diag" });
    const rules = await rulesFor(executor, given, await summarize(executor));
    const regularization = { ...rules.regularization, floors: Float64Array.of(floor, floor) };
    const steps = em(executor, all[lower - 1], { ...rules, regularization });
    const { value } = await steps.next();
    expect([value?.mixture, value?.warnings, leapOf(value as Iteration).trial]).toEqual([base.ownStep, [], 0]);
  });

  test("ends where what is left is rounding, however small the tolerance", async () => {
    const { last } = await climb("full", { tolerance: 1e-15 });
    expect(last.converged).toBe(true);
    expect(last.iteration).toBeLessThan(500);
  });

  test("goes on after a pause as if there was none", async () => {
    const whole = await climb("full", {});
    const pause = whole.all.findIndex(leaping) + 1;
    const again = await climb("full", {}, whole.all[pause - 1]);
    expect(again.last).toEqual(whole.last);
  });

  test.each<[string, Partial<FitOptions>]>([
    ["a floor binds", { regularization: 0.9 }],
    ["an absolute ridge is added", { regularization: { absolute: 1e-3 } }],
    ["it is asked not to be", { acceleration: "none" }],
    ["inference is variational", { inference: "variational" }],
  ])("is not made where %s", async (_, options) => {
    const { all } = await climb("full", { ...options, maxIterations: 200 });
    expect(all.every(({ course }) => course === null)).toBe(true);
  });
});
