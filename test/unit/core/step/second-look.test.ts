import {
  accumulate,
  type CovarianceType,
  type Regularization,
  type SufficientStatistics,
  statisticsLayout,
  zero,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { factorized, type Mixture } from "../../../../packages/core/src/mixture/mixture.ts";
import { type RedoRule, settling } from "../../../../packages/core/src/step/second-look.ts";
import { regularizationOf } from "../../../support/regularization.ts";

// The redo rule at its thresholds (derivation.md §9), by statistics made up for it. With N = 1 about pivot 0: s = δ and
// S = v + δ².

/** One component for each (δ, v, N), in one dimension. */
function statisticsOf(
  type: CovarianceType,
  ...given: readonly (readonly [number, number, number?])[]
): SufficientStatistics {
  const layout = statisticsLayout(given.length, 1, type);
  const statistics = zero(layout, new Float64Array(given.length));
  const masses = given.map(([, , mass = 1]) => mass);
  const scatter = given.map(([shift, variance], i) => masses[i] * (variance + shift * shift));
  const sums = [...masses, ...given.map(([shift], i) => masses[i] * shift)];
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  accumulate(statistics, Float64Array.of(-1, sum(masses), ...sums, ...(type === "tied" ? [sum(scatter)] : scatter)));
  return statistics;
}

const none = regularizationOf([0]);
const rule = (regularization: Regularization = none, old?: Mixture): RedoRule => ({
  regularization,
  old,
});

function oldMixture(
  covarianceType: CovarianceType,
  variances: number[],
  weights = variances.map(() => 1 / variances.length),
) {
  const packedCovariances = Float64Array.from(covarianceType === "tied" ? variances.slice(0, 1) : variances);
  const means = new Float64Array(weights.length);
  const shape = { components: weights.length, features: 1, covarianceType };
  return factorized({ ...shape, weights: Float64Array.from(weights), means, meansResidual: means, packedCovariances });
}

/** The components asked for at first; none: settled. */
function asked(statistics: SufficientStatistics, given: RedoRule): number[] {
  const { done, value } = settling(statistics, given).next();
  if (done) return [];
  return [...value.frames.framed.keys()].filter((component) => value.frames.framed[component] >= 0);
}

const TYPES = ["full", "diag", "spherical"] as const;

describe.each(TYPES)("a second look, %s", (type) => {
  test.each([
    [4, 1, []],
    [4.0001, 1, [0]],
    [-4.0001, 1, [0]],
    [0, 1, []],
  ])("where a mean moved by %d at a variance of %d", (shift, variance, expected) => {
    expect(asked(statisticsOf(type, [shift, variance]), rule())).toEqual(expected);
  });

  test("a floor or a ridge holds up the variance that a move is measured by", () => {
    const statistics = statisticsOf(type, [4.0001, 1]);
    expect(asked(statistics, rule(regularizationOf([0.5])))).toEqual([0]);
    expect(asked(statistics, rule(regularizationOf([2])))).toEqual([]);
    expect(asked(statistics, rule(regularizationOf([0], 1)))).toEqual([]);
  });

  test.each([
    [4096, []],
    [4097, [0]],
  ])("where a variance shrank from %d to 1", (before, expected) => {
    const statistics = statisticsOf(type, [0, 1]);
    expect(asked(statistics, rule(none, oldMixture(type, [before])))).toEqual(expected);
    // What the floor puts back has not shrunk.
    expect(asked(statistics, rule(regularizationOf([2]), oldMixture(type, [before])))).toEqual([]);
    expect(asked(statistics, rule(regularizationOf([0], 1), oldMixture(type, [before])))).toEqual([]);
    expect(asked(statistics, rule(regularizationOf([1.5]), oldMixture(type, [2 * before])))).toEqual([0]);
  });

  test("judges by floors, but does not put them in", () => {
    const { done, value } = settling(
      statisticsOf(type, [0, 1]),
      rule(regularizationOf([2]), oldMixture(type, [5000])),
    ).next();
    expect([done, value]).toMatchObject([true, { packedCovariances: Float64Array.of(1), factors: Float64Array.of(1) }]);
  });

  test("the mass that is left counts as well", () => {
    // of a total of 2, each had half: nothing is lost; of the first, three quarters: 1.5 times as much
    const statistics = statisticsOf(type, [0, 1], [0, 1]);
    expect(asked(statistics, rule(none, oldMixture(type, [4000, 4000])))).toEqual([]);
    expect(asked(statistics, rule(none, oldMixture(type, [4000, 4000], [0.75, 0.25])))).toEqual([0]);
    const unequal = statisticsOf(type, [0, 1, 0.5], [0, 1, 1.5]);
    expect(asked(unequal, rule(none, oldMixture(type, [3000, 3000])))).toEqual([0]);
  });

  test("a component without mass is not looked at", () => {
    const statistics = statisticsOf(type, [8, 1], [8, 1]);
    statistics.sums[statistics.layout.responsibilitySums] = 0;
    expect(asked(statistics, rule())).toEqual([1]);
  });

  test("is about the new means, of the doubtful components alone, and at most twice", () => {
    const first = statisticsOf(type, [5, 1], [1, 1]);
    const asking = settling(first, rule());
    const measure = asking.next().value;
    expect(measure).toMatchObject({ pivots: Float64Array.of(5, 1), frames: { framed: Int8Array.of(0, -1) } });
    const other = { ...statisticsOf(type, [6, 1], [99, 99]), pivots: Float64Array.of(5, 1) };
    // What was rounded off counts too: δ = 6.25, S = 1 + 6.25².
    other.errors[other.layout.weightedSums] = 0.25;
    other.errors[other.layout.scatter] = 3.0625;
    const second = asking.next(other);
    expect(second).toMatchObject({ done: false, value: { pivots: Float64Array.of(11.25, 1) } });
    const third = asking.next({ ...statisticsOf(type, [7, 1], [99, 99]), pivots: Float64Array.of(11.25, 1) });
    expect(third.done).toBe(true);
    expect(third.value).toMatchObject({ redone: [0], means: Float64Array.of(18.25, 1), masses: Float64Array.of(1, 1) });
    expect(third.value).toMatchObject({ statistics: { pivots: Float64Array.of(11.25, 0) } });
  });

  test("the old mixture is asked once: a second look had no rule of zero", () => {
    const asking = settling(statisticsOf(type, [0, 1]), rule(none, oldMixture(type, [1e6])));
    expect(asking.next().done).toBe(false);
    expect(asking.next(statisticsOf(type, [0, 1])).done).toBe(true);
  });

  test("tells of all that were measured again, in order", () => {
    const asking = settling(statisticsOf(type, [0, 1], [5, 1]), rule());
    asking.next();
    const again = { ...statisticsOf(type, [0, 1], [0, 1]), pivots: Float64Array.of(0, 5) };
    expect(asking.next(again).value).toMatchObject({ redone: [1], means: Float64Array.of(0, 5) });
  });
});

describe("what is measured again takes the place of what was", () => {
  const numbers = (count: number, from: number) => Float64Array.from({ length: count }, (_, i) => from + i);
  const frames = (flag: number, from: number, length: number) => ({
    framed: new Int8Array(3).fill(flag),
    factors: numbers(length, from),
  });

  test.each([
    ["full", 9, [3, 3]],
    ["diag", 6, [2, 2]],
    ["spherical", 3, [1, 1]],
    ["tied", 3, [3, 0]],
  ] as const)("and nothing else does, %s", (type, length, [, own]) => {
    // Of three components in two dimensions the first moved 10 standard deviations.
    const layout = statisticsLayout(3, 2, type);
    const scatter = {
      full: [101, 0, 1, 1, 0, 1, 1, 0, 1],
      diag: [101, 1, 1, 1, 1, 1],
      spherical: [102, 2, 2],
      tied: [103, 0, 3],
    };
    const before = zero(layout, new Float64Array(6), frames(0, 500, length));
    accumulate(before, Float64Array.of(-7, 3, 1, 1, 1, 10, 0, 0, 0, 0, 0, ...scatter[type]));
    const untouched = structuredClone(before);
    const again = zero(layout, numbers(6, 100), frames(0, 900, length));
    again.sums.set(numbers(layout.length, 1));
    again.errors.set(numbers(layout.length, -2000).map((value) => value * 2 ** -70));
    const asking = settling(before, { ...rule(), regularization: regularizationOf([0, 0]) });
    expect(asking.next().done).toBe(false);
    // The second time, if it comes, brings nothing new.
    let result = asking.next(again);
    if (!result.done) result = asking.next(again);
    expect(result.done).toBe(true);
    const { statistics } = result.value as { statistics: SufficientStatistics };
    expect(before).toEqual(untouched);
    const all = type === "tied";
    const taken = (index: number): boolean => {
      const { responsibilitySums, weightedSums, scatter: start } = layout;
      if (index < responsibilitySums) return false;
      if (index < weightedSums) return all || index === responsibilitySums;
      return all || (index < start ? index < weightedSums + 2 : index < start + own);
    };
    expect([...statistics.sums]).toEqual([...before.sums].map((value, i) => (taken(i) ? again.sums[i] : value)));
    expect([...statistics.errors]).toEqual([...before.errors].map((value, i) => (taken(i) ? again.errors[i] : value)));
    expect([...statistics.pivots]).toEqual(all ? [...again.pivots] : [100, 101, 0, 0, 0, 0]);
    expect([...statistics.frames.factors]).toEqual(
      [...before.frames.factors].map((value, i) => (all || i < own ? again.frames.factors[i] : value)),
    );
  });
});

describe("a second look, tied", () => {
  test("is at all components or none: one scatter is theirs together", () => {
    // Σ N δ²/(ΣN Σ) = 64/2, or 31.4/2
    expect(asked(statisticsOf("tied", [8, 1], [0, 1]), rule())).toEqual([0, 1]);
    expect(asked(statisticsOf("tied", [5.6, 1], [0, 1]), rule())).toEqual([]);
    const asking = settling(statisticsOf("tied", [8, 1], [0, 1]), rule());
    expect(asking.next().value).toMatchObject({
      pivots: Float64Array.of(8, 0),
      frames: { framed: Int8Array.of(0, 0) },
    });
    const again = { ...statisticsOf("tied", [0, 3], [0, 3]), pivots: Float64Array.of(8, 0) };
    expect(asking.next(again).value).toMatchObject({
      redone: [0, 1],
      means: Float64Array.of(8, 0),
      packedCovariances: Float64Array.of(3),
    });
  });

  test("a floor changes it for all", () => {
    const statistics = statisticsOf("tied", [0, 1], [0, 1]);
    expect(asked(statistics, rule(none, oldMixture("tied", [5000, 5000])))).toEqual([0, 1]);
    expect(asked(statistics, rule(regularizationOf([2]), oldMixture("tied", [5000, 5000])))).toEqual([]);
  });
});

test("tied components of which one has no mass are measured again with it", () => {
  const statistics = statisticsOf("tied", [0, 1], [8, 1]);
  statistics.sums[statistics.layout.responsibilitySums] = 0;
  expect(asked(statistics, rule())).toEqual([0, 1]);
});

/** Two features of unit variance and this correlation, about their mean. */
function correlated(correlation: number): SufficientStatistics {
  const statistics = zero(statisticsLayout(1, 2, "full"), new Float64Array(2));
  accumulate(statistics, Float64Array.of(-1, 1, 1, 0, 0, 1, correlation, 1));
  return statistics;
}

describe("a variance inflation of 1/(1 − ρ²)", () => {
  const thin = Math.sqrt(1 - 1 / 101);
  const two = (regularization: Regularization) => ({ regularization, mostInflation: 100 });
  const free = two(regularizationOf([0, 0]));

  test("beyond 100 asks for a frame", () => {
    expect(settling(correlated(Math.sqrt(1 - 1 / 99)), free).next().done).toBe(true);
    const { done, value } = settling(correlated(thin), free).next();
    expect([done, value]).toMatchObject([false, { frames: { framed: Int8Array.of(1) } }]);
  });

  test.each([
    [1e-9, false],
    [0.1, true],
  ])("tied: a floor of %d settles it for all: %s", (floor, settled) => {
    const statistics = zero(statisticsLayout(2, 2, "tied"), new Float64Array(4));
    accumulate(statistics, Float64Array.of(-1, 2, 1, 1, 0, 0, 0, 0, 2, 2 * thin, 2));
    expect(settling(statistics, two(regularizationOf([floor, floor]))).next().done).toBe(settled);
  });

  test("once framed it is judged by the scatter in the frame", () => {
    const asking = settling(correlated(thin), free);
    const { value } = asking.next();
    const frames = "frames" in value ? value.frames : undefined;
    const statistics = { ...correlated(0), ...(frames && { frames }) };
    const { done, value: settled } = asking.next(statistics);
    expect([done, settled]).toMatchObject([true, { redone: [0] }]);
  });

  test("that a floor puts back is none", () => {
    expect(settling(correlated(thin), two(regularizationOf([1e-9, 1e-9]))).next().done).toBe(false);
    expect(settling(correlated(thin), two(regularizationOf([0.1, 0.1]))).next().done).toBe(true);
    expect(settling(correlated(thin), two(regularizationOf([0, 0], 0.1))).next().done).toBe(true);
    expect(settling(correlated(thin), two(regularizationOf([0, 0], 1e-9))).next().done).toBe(false);
  });

  test("without a Cholesky factor: a frame, whatever its own inflation", () => {
    const { done, value } = settling(correlated(1), free).next();
    expect([done, value]).toMatchObject([false, { frames: { framed: Int8Array.of(1) } }]);
  });
});
