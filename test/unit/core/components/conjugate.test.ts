import { describe, expect, test } from "vitest";
import { blendConjugate } from "../../../../packages/core/src/components/conjugate.ts";
import { estimateComponents } from "../../../../packages/core/src/components/estimate.ts";
import { MOST_INFLATION } from "../../../../packages/core/src/covariance/conditioning.ts";
import { triangle } from "../../../../packages/core/src/covariance/triangle.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { statisticsLayout } from "../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { fitted, runBayes, seen } from "../../../support/bayes.ts";
import { error } from "../../../support/compare.ts";
import { minus, ofDouble, plus, type Rational, ratio, times } from "../../../support/exact.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";
import { statisticsOf } from "../../../support/statistics.ts";
import { executorOf } from "../../../support/steps.ts";

test.each(COVARIANCE_TYPES)(
  "with the rule of zero and without it a fit with a prior is the same: %s",
  async (covarianceType) => {
    const random = randomStream(5, "few");
    const clusters = Array.from({ length: 200 }, (_, i) => [(i % 2) * 30 + random.normal(), random.normal()]);
    const options = { components: 5, covarianceType, tolerance: 0, maxIterations: 15, seed: 4 } as const;
    for (const way of [{ inference: "variational" }, { prior: { weightConcentration: 1.5 } }] as const) {
      const withRule = await fitted(executorOf(clusters), { ...options, ...way });
      const { executor } = seen(executorOf(clusters), false);
      const without = await fitted(executor, { ...options, ...way });
      expect(error(withRule.mixture.weights, without.mixture.weights)).toBeLessThan(1e-12);
      expect(error(withRule.mixture.means, without.mixture.means)).toBeLessThan(1e-11);
      expect(error(withRule.mixture.packedCovariances, without.mixture.packedCovariances)).toBeLessThan(1e-11);
    }
  },
);

test("in a frame the inflation is that in the frame, though two points leave a direction without width", () => {
  const layout = statisticsLayout(1, 2, "full");
  const covariance = Float64Array.of(1, 1, 1 + 2 ** -10);
  const frame = triangle.factorize(covariance, 2) as Float64Array;
  const none = Float64Array.of(0, 0);
  const conjugate = {
    ...{ weightConcentration: 1, meanPrecision: 2 ** -30, degreesOfFreedom: 2 },
    ...{ means: none, meansResidual: none, ridges: none, scatter: { covariance, factor: frame } },
  };
  const inflationOf = (framed: number, ...scatter: number[]) => {
    const sums = Float64Array.of(0, 2, 2, 0, 0, ...scatter);
    const frames = { framed: Int8Array.of(framed), factors: frame };
    const data = estimateComponents({ layout, pivots: none, frames, sums, errors: new Float64Array(8) });
    return blendConjugate(data, { conjugate, counts: { points: 2, scatters: 2 } }).inflations[0];
  };
  // points ±(1, 1), which are ±(1, 0) in the frame; the prior makes of them 2^-11 across
  expect(inflationOf(1, 2, 0, 0)).toBeCloseTo(1, 8);
  expect(inflationOf(0, 2, 2, 2)).toBeCloseTo(2 ** 11, -2);
});

test("factors of the points that are refined later, where a sum asks for them, make the same covariances", () => {
  const features = 4;
  const layout = statisticsLayout(1, features, "full");
  const none = new Float64Array(features);
  let asked = 0;
  for (const [points, thin, psi] of [2, 5, 12].flatMap((n) =>
    [1, 1e-3, 1e-5].flatMap((t) => [1, 1e-9, 1e-14].map((p) => [n, t, p])),
  )) {
    const random = randomStream("rough", `${points}/${thin}/${psi}`);
    const slot = new Float64Array(layout.length);
    slot[layout.responsibilitySums] = points;
    for (let i = 0; i < points; i++) {
      const x = Float64Array.from(none, () => random.normal());
      x[3] = x[0] + thin * x[3];
      for (let j = 0, at = layout.scatter; j < features; j++) {
        slot[layout.weightedSums + j] += x[j];
        for (let l = 0; l <= j; l++) slot[at++] += x[j] * x[l];
      }
    }
    const scatter = {
      covariance: triangle.isotropic(psi, features),
      factor: triangle.isotropic(psi ** -0.5, features),
    };
    const conjugate = {
      ...{ weightConcentration: 1, meanPrecision: 2 ** -30, degreesOfFreedom: 2 },
      ...{ means: none, meansResidual: none, ridges: none, scatter },
    };
    const belief = { conjugate, counts: { points: 2, scatters: 1 } };
    const statistics = statisticsOf(layout, slot, none);
    const [whole, rough] = [false, true].map((is) => blendConjugate(estimateComponents(statistics, is), belief, is));
    expect(rough).toEqual(whole);
    // A sum that is thin is made of factors (sum.ts).
    if (whole.inflations[0] > MOST_INFLATION) asked++;
  }
  expect(asked).toBeGreaterThan(0);
});

describe("digits under a prior", () => {
  /** det of n·Σ̂ + ψ I about the mean of x, exactly, of two features. */
  function exactDeterminant(rows: readonly number[][], psi: number): Rational {
    const sum = (values: Rational[]) => values.reduce(plus);
    const count = ofDouble(rows.length);
    const [x, y] = [0, 1].map((j) => rows.map((row) => ofDouble(row[j])));
    const inverse = (value: Rational): Rational => ({ numerator: value.denominator, denominator: value.numerator });
    const entry = (a: Rational[], b: Rational[], more: number) =>
      plus(
        ofDouble(more),
        minus(sum(a.map((value, i) => times(value, b[i]))), times(times(sum(a), sum(b)), inverse(count))),
      );
    return minus(times(entry(x, x, psi), entry(y, y, psi)), times(entry(x, y, 0), entry(x, y, 0)));
  }

  test.each([1e-3, 1e-5, 1e-7])("a thickness of %d keeps half its digits and more", async (thickness) => {
    const random = randomStream("thin", `${thickness}`);
    const rows = Array.from({ length: 40 }, () => {
      const x = random.normal();
      return [x, 3 * x + thickness * random.normal()];
    });
    const psi = 2 ** Math.round(2 * Math.log2(thickness));
    const mean = (j: number) => rows.reduce((total, row) => total + row[j], 0) / 40;
    const prior = { covariance: [psi, 0, 0, psi], degreesOfFreedom: 2, meanPrecision: 1e-30, mean: [mean(0), mean(1)] };
    const labels = rows.map(() => 0);
    const options = { components: 1, inference: "variational", tolerance: 0, maxIterations: 3, prior } as const;
    const { mixture } = await runBayes({ points: rows, labels, options: { ...options, regularization: 0 } });
    const [a, , b] = mixture.parameters.factors;
    const scale = ofDouble(42);
    const squared = (w: number) => times(ofDouble(w), ofDouble(w));
    const inverse = times(squared(a), squared(b));
    const determinant = times(times(scale, scale), { numerator: inverse.denominator, denominator: inverse.numerator });
    const exact = exactDeterminant(rows, psi);
    expect(ratio(minus(determinant, exact), exact)).toBeLessThan(4e-16 / thickness);
  });
});
