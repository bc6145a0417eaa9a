import { type CovarianceType, statisticsLayout } from "@emix/core";
import { describe, expect, test } from "vitest";
import {
  type CovarianceForm,
  type Covariances,
  covarianceForm,
} from "../../../../packages/core/src/covariance/covariance.ts";
import { unframed } from "../../../../packages/core/src/statistics/frames.ts";

// Two components in two dimensions, by hand, in numbers that doubles hold exactly:
//   L₀ = [2 0; 1 4], L₁ = [1 0; −2 ½]; full has both, tied the second.

const full = covarianceForm("full");
const FULL: Covariances = {
  packedCovariances: Float64Array.of(4, 2, 17, 1, -2, 4.25),
  factors: Float64Array.of(0.5, -0.125, 0.25, 1, 4, 2),
};
const tied = covarianceForm("tied");
const TIED: Covariances = {
  packedCovariances: FULL.packedCovariances.slice(3),
  factors: FULL.factors.slice(3),
};
const diag = covarianceForm("diag");
const DIAG: Covariances = {
  packedCovariances: Float64Array.of(4, 16, 1, 0.25),
  factors: Float64Array.of(0.5, 0.25, 1, 2),
};
const spherical = covarianceForm("spherical");
const SPHERICAL: Covariances = { packedCovariances: Float64Array.of(4, 0.25), factors: Float64Array.of(0.5, 2) };

const copyOf = ({ packedCovariances, factors }: Covariances, by = 1): Covariances => ({
  packedCovariances: packedCovariances.slice(),
  factors: factors.map((value) => by * value),
});
const zerosLike = ({ packedCovariances, factors }: Covariances): Covariances => ({
  packedCovariances: new Float64Array(packedCovariances.length),
  factors: new Float64Array(factors.length),
});
const numbers = ({ packedCovariances, factors }: Covariances) => [[...packedCovariances], [...factors]];
const FORMS: [string, CovarianceForm, Covariances][] = [
  ["full", full, FULL],
  ["tied", tied, TIED],
  ["diag", diag, DIAG],
  ["spherical", spherical, SPHERICAL],
];

describe.each(FORMS)("%s covariances", (_, form, given) => {
  test("factorize gives the factors", () => {
    expect(form.factorize(given.packedCovariances, 2, 2)).toEqual(given.factors);
  });

  test("pack undoes expandCovariances", () => {
    const expanded = form.expandCovariances(given.packedCovariances, 2, 2);
    expect(expanded.length).toBe(form.publicLength(2, 2));
    expect(form.pack(expanded, 2, 2)).toEqual(given.packedCovariances);
    const arrays = [expanded, form.pack(expanded, 2, 2), form.expandFactors(given.factors, 2, 2)];
    for (const array of arrays) array.fill(-1);
    expect(given.packedCovariances).not.toContain(-1);
    expect(given.factors).not.toContain(-1);
    expect(form.expandCovariances(given.packedCovariances, 2, 2)).not.toContain(-1);
  });

  test("whiten undoes scale", () => {
    const normals = Float64Array.of(3, 5);
    const out = new Float64Array(2);
    form.scale(given, 1, normals, out);
    expect(out).not.toEqual(normals);
    form.whiten(given.factors, 1, out, out);
    expect(out).toEqual(normals);
  });

  test("isotropic is the variance in every direction", () => {
    const packed = form.isotropic(4, 2, 2);
    expect(packed.length).toBe(given.packedCovariances.length);
    expect([...form.variances(packed, 2, 2)]).toEqual([4, 4, 4, 4]);
    expect([
      ...form.inflations({ packedCovariances: packed, factors: form.factorize(packed, 2, 2) as Float64Array }, 2, 2),
    ]).toEqual([1, 1]);
  });

  test("rescaling there and back changes nothing", () => {
    const exponents = form === spherical ? [3, 3] : [1, -2];
    const there = form.rescale(given, exponents);
    expect(numbers(there)).not.toEqual(numbers(given));
    expect(form.factorize(there.packedCovariances, 2, 2)).toEqual(there.factors);
    const back = form.rescale(
      there,
      exponents.map((exponent) => -exponent),
    );
    expect(numbers(back)).toEqual(numbers(given));
  });
});

test.each<[CovarianceForm, Covariances, number[]]>([
  [full, FULL, [4, 17, 1, 4.25]],
  [tied, TIED, [1, 4.25, 1, 4.25]],
  [diag, DIAG, [4, 16, 1, 0.25]],
  [spherical, SPHERICAL, [4, 4, 0.25, 0.25]],
])("variances, %#", (form, { packedCovariances }, expected) => {
  expect([...form.variances(packedCovariances, 2, 2)]).toEqual(expected);
});

test.each<[CovarianceForm, Covariances, number[], number[]]>([
  [full, FULL, [0.5, 0.25], [1, 2]],
  [tied, TIED, [1, 2], [1, 2]],
  [diag, DIAG, [0.5, 0.25], [1, 2]],
  [spherical, SPHERICAL, [0.5, 0.5], [2, 2]],
])("the diagonals of factors, %#", (form, { factors }, first, second) => {
  expect([...form.factorDiagonal(factors, 0, 2)]).toEqual(first);
  expect([...form.factorDiagonal(factors, 1, 2)]).toEqual(second);
});

test.each<[CovarianceForm, Covariances, number[], number[]]>([
  [full, FULL, [6, 23], [3, -3.5]],
  [tied, TIED, [3, -3.5], [3, -3.5]],
  [diag, DIAG, [6, 20], [3, 2.5]],
  [spherical, SPHERICAL, [6, 10], [1.5, 2.5]],
])("draws are L · normals, %#", (form, given, first, second) => {
  const draw = (component: number) => {
    const out = new Float64Array(2);
    form.scale(given, component, Float64Array.of(3, 5), out);
    return [...out];
  };
  expect([draw(0), draw(1)]).toEqual([first, second]);
});

test.each<[CovarianceForm, Covariances, number[]]>([
  // max_j Σ_jj Σ_i W_ij²
  [full, FULL, [1.0625, 17]],
  [tied, TIED, [17, 17]],
  [diag, DIAG, [1, 1]],
  [spherical, SPHERICAL, [1, 1]],
])("variance inflation, %#", (form, given, expected) => {
  expect([...form.inflations(given, 2, 2)]).toEqual(expected);
});

test.each<[CovarianceForm, Covariances, number[], number[], number[]]>([
  // Σ_j Σ_jj Σ_i W_ij² while that is small; ‖W_new L_old‖²/d beyond; of variances, the largest ratio
  [full, FULL, [2.125, 34], [8.5, 4], [64, 64]],
  [tied, TIED, [34, 34], [4, 4], [64, 64]],
  [diag, DIAG, [1, 1], [4, 4], [64, 64]],
  [spherical, SPHERICAL, [1, 1], [4, 4], [64, 64]],
])("how far covariances shrank, %#", (form, given, same, halved, eighth) => {
  const shrinkages = (by: number) => [...form.shrinkages(given, copyOf(given, by), 2, 2)];
  expect(shrinkages(1)).toEqual(same);
  expect(shrinkages(2)).toEqual(halved);
  expect(shrinkages(8)).toEqual(eighth);
});

test("each component shrank by itself", () => {
  const before = { packedCovariances: Float64Array.of(1, 1, 1, 1), factors: Float64Array.of(1, 1, 1, 1) };
  const after = { ...before, factors: Float64Array.of(1, 2, 3, 4) };
  expect([...diag.shrinkages(before, after, 2, 2)]).toEqual([4, 16]);
  expect([...spherical.shrinkages(before, after, 4, 2)]).toEqual([1, 4, 9, 16]);
});

test.each<[CovarianceForm, Covariances, number[]]>([
  [full, FULL, [1, 9 / 4.25]],
  // Σ_c N_c δ_cj² / (ΣN Σ_jj): 4 / (4 · 1) and (1 + 27) / (4 · 4.25)
  [tied, TIED, [28 / 17, 28 / 17]],
  [diag, DIAG, [1, 36]],
  [spherical, SPHERICAL, [5 / 8, 18]],
])("how far means moved, in variances, %#", (form, given, expected) => {
  const variances = form.variances(given.packedCovariances, 2, 2);
  expect([...form.moves(Float64Array.of(2, 1, 0, 3), Float64Array.of(1, 3), variances)]).toEqual(expected);
  expect([...form.moves(new Float64Array(4), Float64Array.of(1, 3), variances)]).toEqual([0, 0]);
});

test.each([full, diag, spherical])("a mean that moved from a variance of 0 moved infinitely far, %#", (form) => {
  const variances = Float64Array.of(0, 0, -1, -1);
  const moves = form.moves(Float64Array.of(0, 0, 1, 0), Float64Array.of(1, 1), variances);
  expect([...moves]).toEqual([0, Number.POSITIVE_INFINITY]);
});

test.each<[CovarianceForm, Covariances, number, number]>([
  // max_i Σ_j (W_ij h_j)², h = (2, 3)
  [full, FULL, 1, 100],
  [tied, TIED, 100, 100],
  [diag, DIAG, 1, 36],
  [spherical, SPHERICAL, 2.25, 36],
])("rounding in standard deviations, %#", (form, { factors }, first, second) => {
  const steps = Float64Array.of(2, 3);
  expect([form.greatestRow(factors, 0, steps), form.greatestRow(factors, 1, steps)]).toEqual([first, second]);
});

test.each<[CovarianceForm, Covariances, number, number]>([
  // Singular values of diag(1/h) L, h = (2, 3): their product is det, their squares add up to those of the entries.
  [full, FULL, 0.5 / 6, 1 / 4 + 4 / 9 + 0.25 / 9],
  [tied, TIED, 0.5 / 6, 1 / 4 + 4 / 9 + 0.25 / 9],
  [diag, DIAG, 0.5 / 6, 1 / 4 + 0.25 / 9],
  [spherical, SPHERICAL, 0.25 / 6, 0.25 / 4 + 0.25 / 9],
])("widths in steps, %#", (form, given, product, squares) => {
  const [a, b] = form.widths(given, 1, Float64Array.of(2, 3));
  expect(a * b).toBeCloseTo(product, 14);
  expect(a * a + b * b).toBeCloseTo(squares, 14);
});

test.each([full, tied])("a feature without spread, or without steps, has no width, %#", (form) => {
  const thin = { packedCovariances: Float64Array.of(0, 0, 4), factors: Float64Array.of(2 ** 500, 0, 0.5) };
  expect([...form.widths(thin, 0, Float64Array.of(1, 1))].toSorted()).toEqual([0, 2]);
  const wide = { packedCovariances: Float64Array.of(1, 0, 4), factors: Float64Array.of(1, 0, 0.5) };
  expect([...form.widths(wide, 0, Float64Array.of(0, 1))].toSorted()).toEqual([0, 2]);
  const none = { packedCovariances: Float64Array.of(1, 0, 4), factors: Float64Array.of(Number.NaN, 0, 0.5) };
  expect([...form.widths(none, 0, Float64Array.of(1, 1))]).toEqual([0, 0]);
});

test.each([diag, spherical])("a variance of 0 or less has no width, %#", (form) => {
  const given = { packedCovariances: Float64Array.of(0, 0), factors: Float64Array.of(1, 1) };
  expect([...form.widths(given, 0, Float64Array.of(0, 1))]).toEqual([0, 0]);
  const below = { packedCovariances: Float64Array.of(-1, -1), factors: Float64Array.of(1, 1) };
  expect([...form.widths(below, 0, Float64Array.of(1, 1))]).toEqual([0, 0]);
});

test.each<[CovarianceForm, Covariances, number[][]]>([
  [
    full,
    FULL,
    [
      [0, 0, 0, 1, -2, 4.25],
      [0, 0, 0, 1, 4, 2],
    ],
  ],
  [
    tied,
    TIED,
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  ],
  [
    diag,
    DIAG,
    [
      [0, 0, 1, 0.25],
      [0, 0, 1, 2],
    ],
  ],
  [
    spherical,
    SPHERICAL,
    [
      [0, 0.25],
      [0, 2],
    ],
  ],
])("keep takes one component's; a shared one stays, %#", (form, given, expected) => {
  const to = zerosLike(given);
  form.keep(to, given, 1, 2);
  expect(numbers(to)).toEqual(expected);
});

test.each<[CovarianceForm, Covariances, number[][]]>([
  [
    full,
    FULL,
    [
      [1, -2, 4.25, 1, -2, 4.25],
      [1, 4, 2, 1, 4, 2],
    ],
  ],
  [
    tied,
    TIED,
    [
      [1, -2, 4.25],
      [1, 4, 2],
    ],
  ],
  [
    diag,
    DIAG,
    [
      [1, 0.25, 1, 0.25],
      [1, 2, 1, 2],
    ],
  ],
  [
    spherical,
    SPHERICAL,
    [
      [0.25, 0.25],
      [2, 2],
    ],
  ],
])("copy gives one component's to another, %#", (form, given, expected) => {
  const copied = copyOf(given);
  form.copy(copied, 1, 0, 2);
  expect(numbers(copied)).toEqual(expected);
  const back = copyOf(given);
  form.copy(back, 0, 1, 2);
  const [first, second] = [zerosLike(given), zerosLike(given)];
  form.keep(first, given, 0, 2);
  form.keep(second, back, 0, 2);
  expect(numbers(second)).toEqual(numbers(first));
  const half = form === tied ? 0 : given.factors.length / 2;
  expect([...back.factors.slice(half)]).toEqual([...back.factors.slice(0, form === tied ? undefined : half)]);
  expect([...back.factors.slice(0, half)]).toEqual([...given.factors.slice(0, half)]);
});

test.each<[CovarianceForm, Covariances, number[][]]>([
  [
    full,
    FULL,
    [
      [16, 1, 17 / 16, 4, -1, 4.25 / 16],
      [0.25, -0.0625, 1, 0.5, 2, 8],
    ],
  ],
  [
    tied,
    TIED,
    [
      [4, -1, 4.25 / 16],
      [0.5, 2, 8],
    ],
  ],
  [
    diag,
    DIAG,
    [
      [16, 1, 4, 1 / 64],
      [0.25, 1, 0.5, 8],
    ],
  ],
])("of features times 2 and ¼, %#", (form, given, expected) => {
  expect(numbers(form.rescale(given, [1, -2]))).toEqual(expected);
});

test.each<[CovarianceForm, number[], number, number]>([
  [full, [4, 2, 17, 4, 2, 1], 1, 1],
  [full, [4, 2, 1, 4, 2, 17], 0, 1],
  [full, [4, 2, 17, 0, 0, 1], 1, 0],
  [tied, [4, 2, 1], 0, 1],
  [diag, [1, 2, 3, 0], 1, 1],
  [diag, [0, 2, 3, 1], 0, 0],
  [diag, [1, -2, 3, 0], 0, 1],
  [diag, [1, 2, Number.POSITIVE_INFINITY, 1], 1, 0],
  [spherical, [1, Number.NaN], 1, 0],
  [spherical, [1, 0], 1, 0],
])("the first singular covariance, and its rank, %#", (form, packed, collapsed, rank) => {
  expect(form.factorize(Float64Array.from(packed), 2, 2)).toEqual({ collapsed, rank });
});

test("of three directions, two stand by themselves", () => {
  expect(full.factorize(Float64Array.of(4, 2, 17, 4, 2, 1), 1, 3)).toEqual({ collapsed: 0, rank: 2 });
});

test.each<[CovarianceType, number[], number[]]>([
  // N = 2, 4; s = (2, 0), (0, 4); in diag and spherical nothing is singular but a variance of 0
  ["full", [2, 0, 0, 4, 2, 8], [1, 0]],
  ["full", [4, 0, 8, 0, 0, 4], [0, 1]],
  ["diag", [2, 8, 4, 8], [1, 0]],
  ["diag", [4, 0, 4, 8], [1, 0]],
  ["diag", [4, 8, 0, 8], [0, 1]],
  ["spherical", [2, 12], [1, 0]],
  ["spherical", [4, 4], [0, 1]],
])("estimate tells which covariances are singular, %s", (type, scatter, expected) => {
  const layout = statisticsLayout(2, 2, type);
  const estimated = covarianceForm(type).estimate({
    slot: Float64Array.of(0, 6, 2, 4, 2, 0, 0, 4, ...scatter),
    layout,
    shifts: Float64Array.of(1, 0, 0, 1),
    shiftRests: new Float64Array(4),
    frames: unframed(layout),
    least: new Float64Array(4).fill(2 ** -200),
  });
  expect([...estimated.singular]).toEqual(expected);
  expect(estimated.factors.every(Number.isFinite)).toBe(true);
  // 1/σ of the least variance there is, 2⁻²⁰⁰
  if (type !== "full") expect(Math.max(...estimated.factors)).toBe(2 ** 100);
  if (type !== "full") expect([...estimated.inflations]).toEqual([1, 1]);
});

test("public shapes", () => {
  expect([...full.expandCovariances(FULL.packedCovariances, 2, 2)]).toEqual([4, 2, 2, 17, 1, -2, -2, 4.25]);
  expect([...full.expandFactors(FULL.factors, 2, 2)]).toEqual([0.5, -0.125, 0, 0.25, 1, 4, 0, 2]);
  expect([...tied.expandCovariances(TIED.packedCovariances, 2, 2)]).toEqual([1, -2, -2, 4.25]);
  expect([...tied.expandFactors(TIED.factors, 2, 2)]).toEqual([1, 4, 0, 2]);
  expect([...diag.expandFactors(DIAG.factors, 2, 2)]).toEqual([...DIAG.factors]);
  expect([...spherical.expandFactors(SPHERICAL.factors, 2, 2)]).toEqual([...SPHERICAL.factors]);
  expect(FORMS.map(([, form]) => form.publicLength(5, 3))).toEqual([45, 9, 15, 5]);
  expect(FORMS.map(([, form]) => form.parameterCount(5, 3))).toEqual([30, 6, 15, 5]);
});

test.each([diag, spherical])("a variance that rounding took below 0 adds nothing to a prior's, %#", (form) => {
  const one = (variance: number) => ({
    packedCovariances: Float64Array.of(variance),
    factors: Float64Array.of(Math.abs(variance) ** -0.5),
  });
  const shares = { data: Float64Array.of(0.75), prior: Float64Array.of(0.25), outer: Float64Array.of(0) };
  const blended = form.blend(one(-16), one(4), { ...shares, offsets: Float64Array.of(0) });
  expect(blended).toEqual({ packedCovariances: Float64Array.of(1), factors: Float64Array.of(1) });
});
