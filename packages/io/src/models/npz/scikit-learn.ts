import { type CovarianceType, covarianceRow, type GaussianMixture, type WeightConcentrationType } from "@emix/core";

// A mixture as scikit-learn holds it. It has no types with one diagonal for all components: there each has its own copy.

/** k components in d features. */
export interface Shape {
  readonly components: number;
  readonly features: number;
  readonly covarianceType: CovarianceType;
}

/** `covariance_type`, by whether a matrix has correlations, variances or one variance, and whether it is shared. */
export function covarianceTypeOfScikitLearn(type: CovarianceType): string {
  const { matrix, shared } = covarianceRow(type);
  if (matrix === "triangle") return shared ? "tied" : "full";
  return matrix === "diagonal" ? "diag" : "spherical";
}

/** `weight_concentration_prior_type` */
export function concentrationTypeOfScikitLearn(type: WeightConcentrationType): string {
  return `${DIRICHLET}${type}`;
}

/** The inverse; unknown names stay as they are, to be refused. */
export function concentrationTypeFrom(name: string): WeightConcentrationType {
  return name.replace(DIRICHLET, "") as WeightConcentrationType;
}

const DIRICHLET = "dirichlet_";

/** How often scikit-learn repeats the matrices of a mixture. */
export function copies({ covarianceType, components }: Shape): number {
  const { matrix, shared } = covarianceRow(covarianceType);
  return shared && matrix !== "triangle" ? components : 1;
}

/** The shape of covariances_ and precisions_. */
export function covarianceShape({ covarianceType, components, features }: Shape): number[] {
  const { matrix, shared } = covarianceRow(covarianceType);
  if (matrix === "triangle") return shared ? [features, features] : [components, features, features];
  return matrix === "diagonal" ? [components, features] : [components];
}

export function repeat(values: Float64Array, times: number): Float64Array {
  return Float64Array.from({ length: values.length * times }, (_, i) => values[i % values.length]);
}

/** Σ⁻¹ = U Uᵀ of public precisionsCholesky, in its shape. */
export function precisionsOf({ covarianceType, features, precisionsCholesky }: GaussianMixture): Float64Array {
  if (covarianceRow(covarianceType).matrix !== "triangle") return precisionsCholesky.map((value) => value * value);
  const product = (start: number, i: number, j: number) => {
    let sum = 0;
    for (let m = 0; m < features; m++) {
      sum += precisionsCholesky[start + i * features + m] * precisionsCholesky[start + j * features + m];
    }
    return sum;
  };
  return precisionsCholesky.map((_, index) => {
    const inMatrix = index % features ** 2;
    return product(index - inMatrix, Math.floor(inMatrix / features), inMatrix % features);
  });
}

/** W = Uᵀ of precisions_cholesky_, packed. */
export function factorsOf(precisionsCholesky: Float64Array, { covarianceType, features }: Shape): Float64Array {
  if (covarianceRow(covarianceType).matrix !== "triangle") return precisionsCholesky;
  return packedTransposes(precisionsCholesky, features);
}

function packedTransposes(upper: Float64Array, features: number): Float64Array {
  const packed: number[] = [];
  for (let start = 0; start < upper.length; start += features * features) {
    for (let i = 0; i < features; i++) {
      for (let j = 0; j <= i; j++) packed.push(upper[start + j * features + i]);
    }
  }
  return Float64Array.from(packed);
}
