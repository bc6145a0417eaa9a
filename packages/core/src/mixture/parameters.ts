import { owners, type Shape } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { packCovariances, publicLength, publicMatrix } from "../covariance/public-shapes.ts";
import { COVARIANCE_TYPES, type CovarianceType } from "../covariance/types.ts";
import { invalidMixture } from "../errors.ts";
import { factorized, type Mixture, type MixtureWithoutFactors } from "./mixture.ts";

/** Numbers as callers have them: flat row-major, or nested arrays. */
export type Numbers = ArrayLike<number> | readonly Numbers[];

/** A mixture as users and other systems write it. */
export interface MixtureParameters {
  /** k, sum 1 */
  readonly weights: ArrayLike<number>;
  /** k × d */
  readonly means: Numbers;
  /** full k × d × d, tied d × d, diag k × d, spherical k */
  readonly covariances: Numbers;
  /** Default "full". */
  readonly covarianceType?: CovarianceType;
}

const WEIGHT_TOLERANCE = 1e-9;
const SYMMETRY_TOLERANCE = 1e-9;
/** k matrices of d rows */
const DEEPEST = 3;

/** @throws INVALID_MIXTURE, COLLAPSED_COMPONENT */
export function mixtureFromParameters(parameters: MixtureParameters): Mixture {
  return factorized(openParameters(parameters));
}

/** @throws INVALID_MIXTURE */
export function openParameters(parameters: MixtureParameters): MixtureWithoutFactors {
  if (typeof parameters !== "object" || parameters === null)
    throw invalidMixture("Expected the parameters of a mixture.");
  const { covarianceType = "full" } = parameters;
  if (!COVARIANCE_TYPES.includes(covarianceType)) {
    throw invalidMixture(
      `Expected \`covarianceType\` to be one of ${COVARIANCE_TYPES.join(", ")}, got ${covarianceType}.`,
    );
  }
  const weights = flattened("weights", parameters.weights);
  const means = flattened("means", parameters.means);
  const covariances = flattened("covariances", parameters.covariances);
  const components = weights.length;
  const features = means.length / components;
  if (components < 1 || !Number.isInteger(features) || features < 1) {
    throw invalidMixture(
      `Expected means for each of ${components} weights (k × d numbers), got ${means.length} numbers.`,
    );
  }
  const shape = { components, features, covarianceType };
  const expected = publicLength(shape);
  if (covariances.length !== expected) {
    throw invalidMixture(
      `Expected ${expected} numbers of ${covarianceType} covariances for ${components} component(s) in ${features} feature(s), got ${covariances.length}.`,
      { expected, got: covariances.length },
    );
  }
  checkWeights(weights);
  checkSymmetry(covariances, shape);
  return {
    components,
    features,
    covarianceType,
    weights,
    means,
    meansResidual: new Float64Array(means.length),
    packedCovariances: packCovariances(covariances, shape),
  };
}

function flattened(name: string, numbers: Numbers): Float64Array {
  const flat: number[] = [];
  const visit = (value: Numbers | number | undefined, depth: number): void => {
    if (typeof value === "number") flat.push(value);
    else if (value === undefined || value === null || typeof value !== "object")
      throw invalidMixture(`Expected \`${name}\` to be numbers, flat or nested, got ${typeof value}.`);
    else if (depth === DEEPEST) throw invalidMixture(`Expected \`${name}\` to be nested at most ${DEEPEST} deep.`);
    else for (let i = 0; i < value.length; i++) visit(value[i], depth + 1);
  };
  visit(numbers, 0);
  const bad = flat.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw invalidMixture(`Expected \`${name}\` to be finite, got ${flat[bad]} at position ${bad}.`, { name });
  return Float64Array.from(flat);
}

function checkWeights(weights: Float64Array): void {
  const negative = weights.findIndex((weight) => weight < 0);
  if (negative >= 0)
    throw invalidMixture(`Expected weights from 0 up, got ${weights[negative]} for component ${negative}.`);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > WEIGHT_TOLERANCE)
    throw invalidMixture(`Expected weights that sum to 1, got a sum of ${sum}.`, { sum });
}

function checkSymmetry(covariances: Float64Array, shape: Shape): void {
  owners(shape).forEach((_, matrix) => {
    const one = publicMatrix(covariances, shape, matrix);
    const entry = matrixForm(shape.covarianceType).asymmetry(one, shape.features, SYMMETRY_TOLERANCE);
    if (entry === null) return;
    throw invalidMixture(
      `Expected symmetric covariances, but entries (${entry.join(", ")}) of matrix ${matrix} differ.`,
    );
  });
}
