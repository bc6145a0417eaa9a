import { owners, type Shape } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { packCovariances, publicLength, publicMatrix } from "../covariance/public-shapes.ts";
import { COVARIANCE_TYPES, type CovarianceType } from "../covariance/types.ts";
import {
  covariancesCount,
  meansCount,
  negativeWeight,
  nestedTooDeep,
  notFinite,
  notNumbers,
  notParameters,
  notSymmetric,
  unknownCovarianceType,
  weightsSum,
} from "./errors.ts";
import { factorizeMixture, type Mixture, type MixtureWithoutFactors } from "./mixture.ts";

/** Numbers as callers have them: flat row-major, or nested arrays. */
export type Numbers = ArrayLike<number> | readonly Numbers[];

/** A mixture as users and other systems write it. */
export interface MixtureParameters {
  /** k, adding up to 1 */
  readonly weights: ArrayLike<number>;
  /** k × d */
  readonly means: Numbers;
  /** full k × d × d, tied d × d, diag k × d, spherical k, tied-diag d, tied-spherical 1 */
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
  return factorizeMixture(openParameters(parameters));
}

/** @throws INVALID_MIXTURE */
export function openParameters(parameters: MixtureParameters): MixtureWithoutFactors {
  if (typeof parameters !== "object" || parameters === null) throw notParameters(parameters);
  const { covarianceType = "full" } = parameters;
  if (!COVARIANCE_TYPES.includes(covarianceType)) throw unknownCovarianceType(COVARIANCE_TYPES, covarianceType);
  const weights = flatten("weights", parameters.weights);
  const means = flatten("means", parameters.means);
  const covariances = flatten("covariances", parameters.covariances);
  const components = weights.length;
  const features = means.length / components;
  if (components < 1 || !Number.isInteger(features) || features < 1) throw meansCount(components, means.length);
  const shape = { components, features, covarianceType };
  const expected = publicLength(shape);
  if (covariances.length !== expected) {
    throw covariancesCount(shape, expected, covariances.length);
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

function flatten(name: string, numbers: Numbers): Float64Array {
  const flat: number[] = [];
  const visit = (value: Numbers | number | undefined, depth: number): void => {
    if (typeof value === "number") flat.push(value);
    else if (value === undefined || value === null || typeof value !== "object") throw notNumbers(name, value);
    else if (depth === DEEPEST) throw nestedTooDeep(name, DEEPEST);
    else for (let i = 0; i < value.length; i++) visit(value[i], depth + 1);
  };
  visit(numbers, 0);
  const bad = flat.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw notFinite(name, flat[bad], bad);
  return Float64Array.from(flat);
}

function checkWeights(weights: Float64Array): void {
  const negative = weights.findIndex((weight) => weight < 0);
  if (negative >= 0) throw negativeWeight(negative, weights[negative]);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > WEIGHT_TOLERANCE) throw weightsSum(sum);
}

function checkSymmetry(covariances: Float64Array, shape: Shape): void {
  owners(shape).forEach((_, matrix) => {
    const one = publicMatrix(covariances, shape, matrix);
    const entry = matrixForm(shape.covarianceType).asymmetry(one, shape.features, SYMMETRY_TOLERANCE);
    if (entry !== null) throw notSymmetric(matrix, ...entry);
  });
}
