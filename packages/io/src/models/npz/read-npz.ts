import { COVARIANCE_TYPES, type CovarianceType, EmixError, GaussianMixture, type MixtureJson } from "@emix/core";
import { aboutFromJson } from "../about.ts";
import { badArray, badModel, wrongField } from "../errors.ts";
import type { About, Model } from "../model.ts";
import { parseJson } from "../model-json.ts";
import { NpzArrays } from "./npz-arrays.ts";
import { concentrationTypeFrom, copies, covarianceShape, factorsOf, repeat, type Shape } from "./scikit-learn.ts";
import { fromSinglePrecision } from "./single-precision.ts";
import { readZip } from "./zip.ts";

const NAMES = (
  "covariance_type weights_ means_ covariances_ precisions_cholesky_ n_features_in_ feature_names_in_ converged_ n_iter_ " +
  "lower_bound_ lower_bounds_ weight_concentration_prior_type weight_concentration_ mean_precision_ degrees_of_freedom_ " +
  "means_residual factors emix"
).split(" ");

/** Reads what `writeNpz` writes, and what scikit-learn's attributes saved by np.savez are. @throws BAD_MODEL_FILE */
export function readNpz(bytes: Uint8Array): Model {
  const arrays = new NpzArrays(readZip(bytes, (file) => NAMES.some((name) => file === `${name}.npy`)));
  const rest = restOf(arrays);
  const mixture = mixtureOf(arrays, rest.covarianceType ?? arrays.text("covariance_type"));
  const { features } = mixture.parameters;
  if (arrays.has("n_features_in_") && arrays.number("n_features_in_") !== features) {
    throw badArray("n_features_in_", `expected ${features}, the length of a mean`);
  }
  const about = arrays.has("emix") ? aboutFromJson(rest, features) : foreign(arrays, features);
  return { mixture: mixture.parameters, ...about };
}

/** What `emix` says; scikit-learn says nothing of the sort. */
function restOf(arrays: NpzArrays): Readonly<Record<string, unknown>> {
  if (!arrays.has("emix")) return {};
  const rest = parseJson(arrays.text("emix"), () => badArray("emix", "expected JSON"));
  if (typeof rest !== "object" || rest === null) throw badArray("emix", "expected a JSON object");
  const { format, version } = rest as { format?: unknown; version?: unknown };
  if (format !== "emix-model" || version !== 2)
    throw badArray("emix", "expected format emix-model, version 2; update emix");
  return rest as Readonly<Record<string, unknown>>;
}

function mixtureOf(arrays: NpzArrays, type: unknown): GaussianMixture {
  const covarianceType = COVARIANCE_TYPES.find((known) => known === type);
  if (covarianceType === undefined) throw wrongField("covariance_type", `one of ${COVARIANCE_TYPES.join(", ")}`);
  const shape = shapeOf(arrays, covarianceType);
  return orBadFile(() => GaussianMixture.fromJSON({ ...parametersOf(arrays, shape), ...posteriorOf(arrays, shape) }));
}

function shapeOf(arrays: NpzArrays, covarianceType: CovarianceType): Shape {
  const components = arrays.numbers("weights_").length;
  const features = arrays.numbers("means_").length / components;
  if (!(components >= 1 && features >= 1 && Number.isInteger(features))) {
    throw badArray("means_", "expected a mean for each of at least one weight");
  }
  return { components, features, covarianceType };
}

function parametersOf(arrays: NpzArrays, shape: Shape): MixtureJson {
  const [weights, means] = [arrays.numbers("weights_"), arrays.numbers("means_")];
  const covariances = matricesOf(arrays, "covariances_", shape);
  if (arrays.read("covariances_").type === "f4") {
    return fromSinglePrecision({ ...shape, weights, means, covariances }).toJSON();
  }
  const optional = (name: string, otherwise: () => Float64Array) =>
    arrays.has(name) ? arrays.numbers(name) : otherwise();
  const ofScikitLearn = () => factorsOf(matricesOf(arrays, "precisions_cholesky_", shape), shape);
  return {
    ...{ format: "emix-model", version: 2, ...shape, weights: [...weights], means: [...means] },
    meansResidual: [...optional("means_residual", () => new Float64Array(means.length))],
    covariances: [...covariances],
    factors: [...optional("factors", ofScikitLearn)],
  };
}

/** Covariances or their factors: one of several equal copies where scikit-learn has no such type. */
function matricesOf(arrays: NpzArrays, name: string, shape: Shape): Float64Array {
  const values = arrays.numbers(name);
  const expected = covarianceShape(shape).reduce((product, length) => product * length, 1);
  if (values.length !== expected) throw badArray(name, `expected ${expected} numbers, got ${values.length}`);
  const length = expected / copies(shape);
  if (!values.every((value, i) => value === values[i % length])) {
    throw badArray(name, "expected the same for every component");
  }
  return values.subarray(0, length);
}

/** With tied covariances, scikit-learn has one number for the degrees of freedom of all. */
function posteriorOf(arrays: NpzArrays, { components }: Shape): Pick<MixtureJson, "posterior"> {
  if (!arrays.has("weight_concentration_")) return {};
  const degrees = arrays.numbers("degrees_of_freedom_");
  return {
    posterior: {
      weightConcentrationType: concentrationTypeFrom(arrays.text("weight_concentration_prior_type")),
      weightConcentration: [...arrays.numbers("weight_concentration_")],
      meanPrecision: [...arrays.numbers("mean_precision_")],
      degreesOfFreedom: [...(degrees.length === 1 ? repeat(degrees, components) : degrees)],
    },
  };
}

/** What scikit-learn knows of a fit. With tied covariances its variational lower bound is no number: it is left out. */
function foreign(arrays: NpzArrays, features: number): About {
  const converged = numbersIf(arrays, "converged_", 0);
  const iterations = numbersIf(arrays, "n_iter_", 0);
  const lowerBound = numbersIf(arrays, "lower_bound_", 0);
  const trace = numbersIf(arrays, "lower_bounds_", 1);
  const fit = {
    ...(converged && { converged: converged[0] !== 0 }),
    ...(iterations && { iterations: iterations[0] }),
    ...(lowerBound && { lowerBound: lowerBound[0] }),
    ...(trace && { trace: [...trace] }),
  };
  const columns = arrays.has("feature_names_in_") ? arrays.texts("feature_names_in_") : undefined;
  return aboutFromJson({ columns, fit: Object.keys(fit).length === 0 ? undefined : fit }, features);
}

/** The numbers of an array, if it is there, has this many axes and is finite. */
function numbersIf(arrays: NpzArrays, name: string, axes: number): Float64Array | undefined {
  if (!arrays.has(name) || arrays.read(name).shape.length !== axes) return undefined;
  const values = arrays.numbers(name);
  return values.every(Number.isFinite) ? values : undefined;
}

/** Whatever is wrong with the numbers is wrong with the file. */
function orBadFile<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EmixError) || error.code === "BAD_MODEL_FILE") throw error;
    throw badModel(`The model cannot be used: ${error.message.replace(/\.$/, "")}`, error);
  }
}
