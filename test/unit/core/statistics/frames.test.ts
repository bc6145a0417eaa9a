import { type Executor, GaussianMixture } from "@emix/core";
import { Matrix, QrDecomposition } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { type Random, randomStream } from "../../../../packages/core/src/random.ts";
import { framesOf } from "../../../../packages/core/src/statistics/frames.ts";
import { minus, ofDouble, plus, type Rational, ratio, times } from "../../../support/exact.ts";
import { CORRELATED_TYPES } from "../../../support/scenes.ts";
import { executorsBy, KERNELS, steps } from "../../../support/steps.ts";

// One component on nearly collinear points: EM is one weighted covariance a step, which rational arithmetic knows
// exactly, and a QR decomposition of [1, x − μ] to half the digits that the condition takes.

const COUNT = 60;

function points(random: Random, thickness: number): number[][] {
  return Array.from({ length: COUNT }, () => {
    const [a, b] = [random.normal(), 3 * random.normal()];
    return [a, b, 0.7 * a - 0.3 * b + thickness * random.normal()];
  });
}

/** det Σ of equally weighted points, exactly. */
function exactDeterminant(rows: readonly number[][]): Rational {
  const sum = (values: Rational[]) => values.reduce(plus);
  const count = ofDouble(rows.length);
  const columns = [0, 1, 2].map((j) => rows.map((row) => ofDouble(row[j])));
  const total = columns.map(sum);
  // n² Σ = n Σxx' − (Σx)(Σx)'
  const entry = (i: number, j: number) =>
    minus(times(count, sum(columns[i].map((x, row) => times(x, columns[j][row])))), times(total[i], total[j]));
  const minor = (a: number, b: number, c: number, e: number) =>
    minus(times(entry(a, b), entry(c, e)), times(entry(a, e), entry(c, b)));
  const determinant = plus(
    minus(times(entry(0, 0), minor(1, 1, 2, 2)), times(entry(0, 1), minor(1, 0, 2, 2))),
    times(entry(0, 2), minor(1, 0, 2, 1)),
  );
  return { ...determinant, denominator: determinant.denominator * BigInt(rows.length) ** 6n };
}

function determinantOfFactor(factors: Float64Array): Rational {
  const diagonal = [factors[0], factors[2], factors[5]].map(ofDouble);
  const { numerator, denominator } = diagonal.map((w) => times(w, w)).reduce(times);
  return { numerator: denominator, denominator: numerator };
}

const KINDS = KERNELS.flatMap((kernel) => CORRELATED_TYPES.map((type) => [kernel, type] as const));

describe.each(KINDS)("frames, %s kernel, %s", (kernel, covarianceType) => {
  const executorOf = executorsBy(kernel);

  test.each([1e-2, 1e-4, 1e-6, 1e-7, 1e-8])("a thickness of %d keeps half its digits and more", async (thickness) => {
    const rows = points(randomStream("frames", `${thickness}`), thickness);
    const covariances = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const start = GaussianMixture.fromParameters({ weights: [1], means: [0, 0, 0], covariances, covarianceType });
    const first = await steps(executorOf(rows), start, 1);
    const second = await steps(executorOf(rows), first, 1);
    expect(first.lookedAtAgain).toEqual(thickness < 0.05 ? [0] : []);
    expect(second.lookedAtAgain).toEqual([]);

    const exact = exactDeterminant(rows);
    const error = ratio(minus(determinantOfFactor(second.mixture.factors), exact), exact);
    const half = 10 ** (-16 + 0.5 + 0.5 * Math.log10(9 / thickness ** 2));
    expect(error).toBeLessThan(2 * half);

    const { means } = second.mixture;
    const centred = new Matrix(rows.map((row) => row.map((x, j) => (x - means[j]) / Math.sqrt(COUNT))));
    const upper = new QrDecomposition(centred).upperTriangularMatrix;
    const thin = Math.abs(upper.get(2, 2) * second.mixture.factors[5]);
    expect(Math.abs(thin - 1)).toBeLessThan(2 * half);
  });
});

test.each(["f64", "f32"] as const)(
  "SIMD kernels serve steps and second looks, %s; frames are of f64",
  async (arithmetic) => {
    const rows = points(randomStream("frames", "served"), 1e-3);
    const usual = executorsBy("simd")({ data: Float32Array.from(rows.flat()), features: 3 });
    const served: string[] = [];
    const run: Executor["run"] = (pass, consume) => {
      if (pass.kind === "expectation") {
        served.push(pass.program.kind === "reference" ? "reference" : pass.program.simd.arithmetic);
      }
      return usual.run(pass, consume);
    };
    const start = GaussianMixture.fromParameters({
      weights: [1],
      means: [0, 0, 0],
      covariances: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    await steps({ ...usual, arithmetic, run }, start, 3);
    expect(served).toEqual([arithmetic, "f64", "f64", "f64"]);
  },
);

test("a factor is a frame where its inflation is more than 100", () => {
  const given = (...variances: number[]) => ({
    components: 2,
    features: 1,
    covarianceType: "full" as const,
    packedCovariances: Float64Array.from(variances),
    factors: Float64Array.of(1, 1),
  });
  const none = { framed: Int8Array.of(0, 0), factors: new Float64Array(2) };
  expect(framesOf(given(100, 1))).toEqual(none);
  expect(framesOf(given(1, 101))).toEqual({ framed: Int8Array.of(0, 1), factors: Float64Array.of(1, 1) });
  expect(framesOf(given(101, 102)).framed).toEqual(Int8Array.of(1, 1));
});
