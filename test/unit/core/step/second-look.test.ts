import type { CovarianceType } from "@emix/core";
import { describe, expect, test } from "vitest";
import type { ComponentEstimates } from "../../../../packages/core/src/components/estimate.ts";
import type { Regularization } from "../../../../packages/core/src/covariance/regularization.ts";
import { covarianceRow } from "../../../../packages/core/src/covariance/types.ts";
import { factorizeMixture } from "../../../../packages/core/src/mixture/mixture.ts";
import {
  type SufficientStatistics,
  statisticsLayout,
} from "../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { plainRules } from "../../../../packages/core/src/step/rules.ts";
import { firstLook, type Look, lookAgain } from "../../../../packages/core/src/step/second-look.ts";
import { regularizationOf } from "../../../support/regularization.ts";
import { statisticsOf as statisticsIn } from "../../../support/statistics.ts";

// The rules of a second look at their thresholds (derivation.md §9), by statistics made up for it. With N = 1 about pivot 0: s = δ and
// S = v + δ².

/** One component for each (δ, v, N), in one dimension. */
function statisticsOf(
  type: CovarianceType,
  ...given: readonly (readonly [number, number, number?])[]
): SufficientStatistics {
  const masses = given.map(([, , mass = 1]) => mass);
  const scatter = given.map(([shift, variance], i) => masses[i] * (variance + shift * shift));
  const sums = [...masses, ...given.map(([shift], i) => masses[i] * shift)];
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const packed = covarianceRow(type).shared ? [sum(scatter)] : scatter;
  return statisticsIn(statisticsLayout(given.length, 1, type), [-1, sum(masses), ...sums, ...packed]);
}

const none = regularizationOf([0]);
const rule = (regularization: Regularization = none) => ({ ...plainRules(1), regularization });

function oldMixture(
  covarianceType: CovarianceType,
  variances: number[],
  weights = variances.map(() => 1 / variances.length),
) {
  const packedCovariances = Float64Array.from(covarianceRow(covarianceType).shared ? variances.slice(0, 1) : variances);
  const means = new Float64Array(weights.length);
  const shape = { components: weights.length, features: 1, covarianceType };
  return factorizeMixture({
    ...shape,
    weights: Float64Array.from(weights),
    means,
    meansResidual: means,
    packedCovariances,
  });
}

/** The components that a look asks for; those of the frames are the same. */
function asked({ again }: Look): readonly number[] {
  if (again === null) return [];
  const { framed } = again.measure.frames;
  expect([...framed.keys()].filter((component) => framed[component] >= 0)).toEqual(again.components);
  return again.components;
}

const TYPES = ["full", "diag", "spherical"] as const;

describe.each(TYPES)("a second look, %s", (type) => {
  test.each([
    [4, 1, []],
    [4.0001, 1, [0]],
    [-4.0001, 1, [0]],
    [0, 1, []],
  ])("where a mean moved by %d at a variance of %d", (shift, variance, expected) => {
    expect(asked(firstLook(statisticsOf(type, [shift, variance]), rule()))).toEqual(expected);
  });

  test("a floor or a ridge holds up the variance that a move is measured by", () => {
    const statistics = statisticsOf(type, [4.0001, 1]);
    expect(asked(firstLook(statistics, rule(regularizationOf([0.5]))))).toEqual([0]);
    expect(asked(firstLook(statistics, rule(regularizationOf([2]))))).toEqual([]);
    expect(asked(firstLook(statistics, rule(regularizationOf([0], 1))))).toEqual([]);
  });

  test.each([
    [4096, []],
    [4097, [0]],
  ])("where a variance shrank from %d to 1", (before, expected) => {
    const statistics = statisticsOf(type, [0, 1]);
    expect(asked(firstLook(statistics, rule(), oldMixture(type, [before])))).toEqual(expected);
    // What the floor puts back has not shrunk.
    expect(asked(firstLook(statistics, rule(regularizationOf([2])), oldMixture(type, [before])))).toEqual([]);
    expect(asked(firstLook(statistics, rule(regularizationOf([0], 1)), oldMixture(type, [before])))).toEqual([]);
    expect(asked(firstLook(statistics, rule(regularizationOf([1.5])), oldMixture(type, [2 * before])))).toEqual([0]);
  });

  test("judges by floors, but does not put them in", () => {
    const statistics = statisticsOf(type, [0, 1]);
    const { again, expected } = firstLook(statistics, rule(regularizationOf([2])), oldMixture(type, [5000]));
    expect(again).toBe(null);
    expect(expected).toMatchObject({ packedCovariances: Float64Array.of(1), factors: Float64Array.of(1) });
    expect(expected.lookedAtAgain).toEqual([]);
  });

  test("the mass that is left counts as well", () => {
    // of a total of 2, each had half: nothing is lost; of the first, three quarters: 1.5 times as much
    const statistics = statisticsOf(type, [0, 1], [0, 1]);
    expect(asked(firstLook(statistics, rule(), oldMixture(type, [4000, 4000])))).toEqual([]);
    expect(asked(firstLook(statistics, rule(), oldMixture(type, [4000, 4000], [0.75, 0.25])))).toEqual([0]);
    const unequal = statisticsOf(type, [0, 1, 0.5], [0, 1, 1.5]);
    expect(asked(firstLook(unequal, rule(), oldMixture(type, [3000, 3000])))).toEqual([0]);
  });

  test("a component without mass is not looked at", () => {
    const statistics = statisticsOf(type, [8, 1], [8, 1]);
    statistics.sums[statistics.layout.responsibilitySums] = 0;
    expect(asked(firstLook(statistics, rule()))).toEqual([1]);
  });

  test("is about the new means, of the doubtful components alone, and at most twice", () => {
    const first = statisticsOf(type, [5, 1], [1, 1]);
    const look = firstLook(first, rule());
    expect([look.round, look.again?.components]).toEqual([0, [0]]);
    expect(look.again?.measure).toMatchObject({
      pivots: Float64Array.of(5, 1),
      frames: { framed: Int8Array.of(0, -1) },
    });
    const other = { ...statisticsOf(type, [6, 1], [99, 99]), pivots: Float64Array.of(5, 1) };
    // What was rounded off counts too: δ = 6.25, S = 1 + 6.25².
    other.errors[other.layout.weightedSums] = 0.25;
    other.errors[other.layout.scatter] = 3.0625;
    const second = lookAgain(look, other, rule());
    expect(second).toMatchObject({ round: 1, again: { measure: { pivots: Float64Array.of(11.25, 1) } } });
    const last = { ...statisticsOf(type, [7, 1], [99, 99]), pivots: Float64Array.of(11.25, 1) };
    const third = lookAgain(second, last, rule());
    expect([third.round, third.again]).toEqual([2, null]);
    const { expected } = third;
    expect(expected).toMatchObject({ means: Float64Array.of(18.25, 1), masses: Float64Array.of(1, 1) });
    expect(expected.lookedAtAgain).toEqual([0]);
    expect(expected.statistics.pivots).toEqual(Float64Array.of(11.25, 0));
    // What nobody asked for changes nothing.
    expect(lookAgain(third, other, rule())).toBe(third);
  });

  test("the old mixture is asked once: a second look had no rule of zero", () => {
    const look = firstLook(statisticsOf(type, [0, 1]), rule(), oldMixture(type, [1e6]));
    expect(look.again).not.toBe(null);
    expect(lookAgain(look, statisticsOf(type, [0, 1]), rule()).again).toBe(null);
  });

  test("tells of all that were measured again, in order", () => {
    const look = firstLook(statisticsOf(type, [0, 1], [5, 1]), rule());
    const measured = { ...statisticsOf(type, [5, 1], [0, 1]), pivots: Float64Array.of(0, 5) };
    const { expected, again } = lookAgain(look, measured, rule());
    expect(again).toBe(null);
    expect(expected).toMatchObject({ lookedAtAgain: [1], means: Float64Array.of(0, 5) });
    const both = firstLook(statisticsOf(type, [5, 1], [5, 1]), rule());
    const first = { ...statisticsOf(type, [5, 1], [0, 1]), pivots: Float64Array.of(5, 5) };
    const second = lookAgain(both, first, rule());
    expect([both.again?.components, second.again?.components]).toEqual([[0, 1], [0]]);
    expect(second.expected.lookedAtAgain).toEqual([0, 1]);
  });

  test("the estimate of the points is kept beside that of points and prior", () => {
    const prior = {
      ...plainRules(1).prior,
      weigh: ({ masses }: Pick<ComponentEstimates, "masses">) => ({ shares: masses.map((mass) => mass + 7) }),
    };
    const { expected } = firstLook(statisticsOf(type, [0, 1]), { ...rule(), prior });
    expect([expected.shares, expected.data.masses]).toEqual([Float64Array.of(8), Float64Array.of(1)]);
  });
});

describe("what is measured again takes the place of what was", () => {
  const numbers = (count: number, from: number) => Float64Array.from({ length: count }, (_, i) => from + i);
  const frames = (flag: number, from: number, length: number) => ({
    framed: new Int8Array(3).fill(flag),
    factors: numbers(length, from),
  });

  test.each([
    ["full", 9, 3],
    ["diag", 6, 2],
    ["spherical", 3, 1],
    ["tied", 3, 0],
  ] as const)("and nothing else does, %s", (type, length, own) => {
    // Of three components in two dimensions the first moved 10 standard deviations.
    const layout = statisticsLayout(3, 2, type);
    const scatter = {
      full: [101, 0, 1, 1, 0, 1, 1, 0, 1],
      diag: [101, 1, 1, 1, 1, 1],
      spherical: [102, 2, 2],
      tied: [103, 0, 3],
    }[type];
    const slot = [-7, 3, 1, 1, 1, 10, 0, 0, 0, 0, 0, ...scatter];
    const before = statisticsIn(layout, slot, new Float64Array(6), frames(0, 500, length));
    const untouched = structuredClone(before);
    const measured = statisticsIn(layout, numbers(layout.length, 1), numbers(6, 100), frames(0, 900, length));
    measured.errors.set(numbers(layout.length, -2000).map((value) => value * 2 ** -70));
    const two = { ...plainRules(2), regularization: regularizationOf([0, 0]) };
    let look = firstLook(before, two);
    expect(look.again).not.toBe(null);
    // The second time, if it comes, brings nothing new.
    while (look.again !== null) look = lookAgain(look, measured, two);
    const { statistics } = look.expected;
    expect(before).toEqual(untouched);
    const all = covarianceRow(type).shared;
    const taken = (index: number): boolean => {
      const { responsibilitySums, weightedSums, scatter: start } = layout;
      if (index < responsibilitySums) return false;
      if (index < weightedSums) return all || index === responsibilitySums;
      return all || (index < start ? index < weightedSums + 2 : index < start + own);
    };
    const expected = (part: "sums" | "errors") =>
      before[part].map((value, i) => (taken(i) ? measured[part][i] : value));
    expect(statistics.sums).toEqual(expected("sums"));
    expect(statistics.errors).toEqual(expected("errors"));
    expect([...statistics.pivots]).toEqual(all ? [...measured.pivots] : [100, 101, 0, 0, 0, 0]);
    expect([...statistics.frames.factors]).toEqual(
      [...before.frames.factors].map((value, i) => (all || i < own ? measured.frames.factors[i] : value)),
    );
  });
});

describe("a second look, tied", () => {
  test("is at all components or none: one scatter is theirs together", () => {
    // Σ N δ²/(ΣN Σ) = 64/2, or 31.4/2
    expect(asked(firstLook(statisticsOf("tied", [8, 1], [0, 1]), rule()))).toEqual([0, 1]);
    expect(asked(firstLook(statisticsOf("tied", [5.6, 1], [0, 1]), rule()))).toEqual([]);
    const look = firstLook(statisticsOf("tied", [8, 1], [0, 1]), rule());
    expect(look.again?.measure).toMatchObject({
      pivots: Float64Array.of(8, 0),
      frames: { framed: Int8Array.of(0, 0) },
    });
    const measured = { ...statisticsOf("tied", [0, 3], [0, 3]), pivots: Float64Array.of(8, 0) };
    expect(lookAgain(look, measured, rule()).expected).toMatchObject({
      lookedAtAgain: [0, 1],
      means: Float64Array.of(8, 0),
      packedCovariances: Float64Array.of(3),
    });
  });

  test("moves count by the mass of their components", () => {
    // Σ_c N_c δ_c²/(ΣN Σ) with N = 1 and 3: δ₀²/4 or 3 δ₁²/4, and 16 at most
    expect(asked(firstLook(statisticsOf("tied", [8, 1, 1], [0, 1, 3]), rule()))).toEqual([]);
    expect(asked(firstLook(statisticsOf("tied", [8.0001, 1, 1], [0, 1, 3]), rule()))).toEqual([0, 1]);
    const most = Math.sqrt(64 / 3);
    expect(asked(firstLook(statisticsOf("tied", [0, 1, 1], [most - 1e-4, 1, 3]), rule()))).toEqual([]);
    expect(asked(firstLook(statisticsOf("tied", [0, 1, 1], [most + 1e-4, 1, 3]), rule()))).toEqual([0, 1]);
  });

  test("a floor changes it for all", () => {
    const statistics = statisticsOf("tied", [0, 1], [0, 1]);
    expect(asked(firstLook(statistics, rule(), oldMixture("tied", [5000, 5000])))).toEqual([0, 1]);
    expect(asked(firstLook(statistics, rule(regularizationOf([2])), oldMixture("tied", [5000, 5000])))).toEqual([]);
  });
});

test("tied components of which one has no mass are measured again with it", () => {
  const statistics = statisticsOf("tied", [0, 1], [8, 1]);
  statistics.sums[statistics.layout.responsibilitySums] = 0;
  expect(asked(firstLook(statistics, rule()))).toEqual([0, 1]);
});

/** Two features of unit variance and this correlation, about their mean. */
function correlated(correlation: number): SufficientStatistics {
  return statisticsIn(statisticsLayout(1, 2, "full"), [-1, 1, 1, 0, 0, 1, correlation, 1]);
}

describe("a variance inflation of 1/(1 − ρ²)", () => {
  const thin = Math.sqrt(1 - 1 / 101);
  const two = (regularization: Regularization) => ({ ...plainRules(2), regularization });
  const free = two(regularizationOf([0, 0]));
  const framedBy = ({ again }: Look) => again?.measure.frames.framed;

  test("beyond 100 asks for a frame", () => {
    expect(firstLook(correlated(Math.sqrt(1 - 1 / 99)), free).again).toBe(null);
    expect(framedBy(firstLook(correlated(thin), free))).toEqual(Int8Array.of(1));
  });

  test.each([
    [1e-9, false],
    [0.1, true],
  ])("tied: a floor of %d is enough for all: %s", (floor, enough) => {
    const slot = [-1, 2, 1, 1, 0, 0, 0, 0, 2, 2 * thin, 2];
    const statistics = statisticsIn(statisticsLayout(2, 2, "tied"), slot);
    expect(firstLook(statistics, two(regularizationOf([floor, floor]))).again === null).toBe(enough);
  });

  test("once framed it is judged by the scatter in the frame", () => {
    const look = firstLook(correlated(thin), free);
    const statistics = { ...correlated(0), ...look.again?.measure };
    const { again, expected } = lookAgain(look, statistics, free);
    expect([again, expected.lookedAtAgain]).toEqual([null, [0]]);
  });

  test("that a floor puts back is none", () => {
    const enough = (regularization: Regularization) => firstLook(correlated(thin), two(regularization)).again === null;
    expect(enough(regularizationOf([1e-9, 1e-9]))).toBe(false);
    expect(enough(regularizationOf([0.1, 0.1]))).toBe(true);
    expect(enough(regularizationOf([0, 0], 0.1))).toBe(true);
    expect(enough(regularizationOf([0, 0], 1e-9))).toBe(false);
  });

  test("without a Cholesky factor: a frame, whatever its own inflation", () => {
    expect(framedBy(firstLook(correlated(1), free))).toEqual(Int8Array.of(1));
  });
});
