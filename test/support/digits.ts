import { type CovarianceType, GaussianMixture } from "@emix/core";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { minus, ofDouble, ofText, plus, ratio } from "./exact.ts";
import { golden } from "./golden.ts";

/** Right decimal digits, at most 16. */
export interface Digits {
  readonly ll: number;
  readonly means: number;
  readonly cov: number;
}

export type DigitsOrError = Digits | { readonly error: string } | null;

/** EM from a stated start in 60-digit arithmetic; covariances are d × d for every component, whatever the type. */
export interface ExactCase {
  readonly name: string;
  readonly covarianceType: CovarianceType;
  readonly nSteps: number;
  readonly points: number[][];
  readonly pointWeights: number[] | null;
  readonly init: { readonly weights: number[]; readonly means: number[][]; readonly covariances: number[][][] };
  readonly expected: {
    readonly weights: number[];
    readonly covariances: number[][][];
    readonly meanLogLikelihood40: string;
    readonly means40: string[][];
  };
}

/** A case of ill-conditioned.json: with what other systems reach. */
export interface IllConditionedCase extends ExactCase {
  readonly digits: Readonly<Record<"sklearnF64" | "ottF64" | "ottF32" | "centredF64", DigitsOrError>>;
}

export function illConditionedCases(): IllConditionedCase[] {
  return golden<{ cases: IllConditionedCase[] }>("ill-conditioned").cases;
}

export function moreIllConditionedCases(): ExactCase[] {
  return golden<{ cases: ExactCase[] }>("ill-conditioned-more").cases;
}

/** d × d for every component → the public shape of a type. */
function inShapeOf(type: CovarianceType, covariances: number[][][]): number[] {
  const { matrix: kind, shared } = covarianceRow(type);
  const own = shared ? covariances.slice(0, 1) : covariances;
  if (kind === "triangle") return own.flat(2);
  const variances = own.map((matrix) => matrix.map((row, j) => row[j]));
  return kind === "scalar" ? variances.map(([first]) => first) : variances.flat();
}

export function startOf({ covarianceType, init }: ExactCase): GaussianMixture {
  const { weights, means, covariances } = init;
  return GaussianMixture.fromParameters({
    weights,
    means,
    covariances: inShapeOf(covarianceType, covariances),
    covarianceType,
  });
}

/**
 * Log-likelihood relative, means (both doubles) in standard deviations of their component, covariances relative to
 * √(Σ_ii Σ_jj), against 60-digit arithmetic.
 */
export function digitsOf(mixture: GaussianMixture, given: ExactCase): Digits {
  const { expected, points, pointWeights } = given;
  const truth = ofText(expected.meanLogLikelihood40);
  const score = ofDouble(mixture.score(points, pointWeights ? { pointWeights } : {}));
  return {
    ll: digits(ratio(minus(score, truth), truth)),
    means: digits(meansError(mixture, given)),
    cov: digits(covariancesError(mixture, given)),
  };
}

function digits(error: number): number {
  return Math.min(16, -Math.log10(error));
}

function meansError({ means, meansResidual }: GaussianMixture, { expected }: ExactCase): number {
  const errors = expected.means40.flatMap((row, c) =>
    row.map((text, j) => {
      const at = c * row.length + j;
      const mean = plus(ofDouble(means[at]), ofDouble(meansResidual[at]));
      return ratio(minus(mean, ofText(text)), ofDouble(Math.sqrt(expected.covariances[c][j][j])));
    }),
  );
  return Math.max(...errors);
}

function covariancesError(mixture: GaussianMixture, { expected, covarianceType }: ExactCase): number {
  const actual = mixture.covariances;
  const scales = expected.covariances.map((matrix) =>
    matrix.map((row, i) => row.map((_, j) => Math.sqrt(matrix[i][i]) * Math.sqrt(matrix[j][j]))),
  );
  const [truth, scale] = [inShapeOf(covarianceType, expected.covariances), inShapeOf(covarianceType, scales)];
  return Math.max(...truth.map((value, i) => Math.abs(actual[i] - value) / scale[i]));
}
