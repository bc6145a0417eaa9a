import { GaussianMixture } from "@emix/core";
import type { Model, Provenance } from "../model.ts";
import { aboutOf, exactJson } from "../model-json.ts";
import { writeDoubles, writeFlag, writeInteger, writeTexts } from "./npy-array.ts";
import {
  concentrationTypeOfScikitLearn,
  copies,
  covarianceShape,
  covarianceTypeOfScikitLearn,
  precisionsOf,
  repeat,
} from "./scikit-learn.ts";
import { writeZip } from "./zip.ts";

type Arrays = Record<string, Uint8Array>;

/**
 * A model as NumPy's .npz: the attributes of scikit-learn's GaussianMixture (of a variational fit:
 * BayesianGaussianMixture) by their names, and what reading it back bit for bit takes: `means_residual`, `factors` and
 * `emix`, the rest of the model as JSON. python/emix_model.py loads it into scikit-learn.
 */
export function writeNpz(model: Model): Uint8Array {
  const mixture = new GaussianMixture(model.mixture);
  const { covarianceType } = mixture;
  const arrays = { ...parameters(mixture), ...posteriorOf(mixture), ...features(model), ...outcome(model.fit ?? {}) };
  const rest = { format: "emix-model", version: 2, covarianceType, ...aboutOf(model) };
  return zipOf({
    ...arrays,
    means_residual: writeDoubles(mixture.meansResidual, [mixture.components, mixture.features]),
    factors: writeDoubles(model.mixture.factors),
    emix: writeTexts(exactJson(rest)),
  });
}

function zipOf(arrays: Arrays): Uint8Array {
  return writeZip(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])));
}

function parameters(mixture: GaussianMixture): Arrays {
  const { components, features, covarianceType, weights, means, covariances, precisionsCholesky } = mixture;
  const matrices = (values: Float64Array) => writeDoubles(repeat(values, copies(mixture)), covarianceShape(mixture));
  return {
    covariance_type: writeTexts(covarianceTypeOfScikitLearn(covarianceType)),
    weights_: writeDoubles(weights),
    means_: writeDoubles(means, [components, features]),
    covariances_: matrices(covariances),
    precisions_: matrices(precisionsOf(mixture)),
    precisions_cholesky_: matrices(precisionsCholesky),
    n_features_in_: writeInteger(features),
  };
}

function posteriorOf({ posterior, components }: GaussianMixture): Arrays {
  if (posterior === undefined) return {};
  const { weightConcentrationType, weightConcentration, meanPrecision, degreesOfFreedom } = posterior;
  const pairs = weightConcentration.length > components;
  return {
    weight_concentration_prior_type: writeTexts(concentrationTypeOfScikitLearn(weightConcentrationType)),
    weight_concentration_: writeDoubles(weightConcentration, pairs ? [2, components] : [components]),
    mean_precision_: writeDoubles(meanPrecision),
    degrees_of_freedom_: writeDoubles(degreesOfFreedom),
  };
}

/** Columns go by their names, without the expressions that they are derived by. */
function features({ columns }: Model): Arrays {
  if (columns === undefined) return {};
  return { feature_names_in_: writeTexts(columns.map((column) => /^[^=]+/.exec(column)?.[0].trim() ?? column)) };
}

function outcome({ converged, iterations, lowerBound, trace }: Provenance): Arrays {
  return {
    ...(converged !== undefined && { converged_: writeFlag(converged) }),
    ...(iterations !== undefined && { n_iter_: writeInteger(iterations) }),
    ...(lowerBound !== undefined && { lower_bound_: writeDoubles(Float64Array.of(lowerBound), []) }),
    ...(trace !== undefined && { lower_bounds_: writeDoubles(Float64Array.from(trace)) }),
  };
}
