import { componentOrder, covarianceRow, GaussianMixture, inOrder, matchingOrder, type Transform } from "@emix/core";
import type { FitResult } from "@emix/workers";
import { orderByUnknownColumn, otherColumns, otherLogarithms } from "../errors.ts";
import { nameOf } from "../input.ts";
import type { OpenModel } from "../model.ts";

/** How the components of a result are numbered. */
export interface Numbering {
  /** "weight" or a column's name; undefined: by weight, but as in the model that the fit started from */
  readonly order?: string | undefined;
  /** number components as this model does */
  readonly matchTo?: OpenModel | undefined;
  /** whether the fit started from a model, or from labels, whose numbers the components keep */
  readonly started: boolean;
}

/** What the mixture is about. */
interface Space {
  readonly columns: readonly string[];
  readonly transforms: readonly Transform[] | undefined;
}

/** The same result with its components, and what warnings say of them, in an order that does not depend on the seed. */
export function renumber(result: FitResult, numbering: Numbering, space: Space): FitResult {
  const order = orderOf(result.mixture, numbering, space);
  if (order === undefined) return result;
  const mixture = new GaussianMixture(inOrder(result.mixture.parameters, order));
  const warnings = result.warnings.map((warning) =>
    warning.component === undefined ? warning : { ...warning, component: order.indexOf(warning.component) },
  );
  return { ...result, mixture, warnings };
}

function orderOf(mixture: GaussianMixture, numbering: Numbering, space: Space): number[] | undefined {
  const { order, matchTo, started } = numbering;
  if (matchTo !== undefined) return matchingOrder(mixture.parameters, inSpace(matchTo, space));
  const process = mixture.posterior?.weightConcentrationType === "process";
  if (order === undefined && (started || process)) return undefined;
  return componentOrder(mixture.parameters, featureOf(order, space.columns.map(nameOf)));
}

/** Before any work: are these the columns that the flags speak of? @throws UNKNOWN_COLUMN, FEATURES_MISMATCH */
export function requireNumbering({ order, matchTo }: Numbering, names: readonly string[]): void {
  featureOf(order, names);
  const theirs = matchTo?.columns?.map(nameOf);
  if (matchTo === undefined || theirs === undefined) return;
  if (theirs.join("\n") !== names.join("\n")) throw otherColumns(matchTo.path, names, theirs);
}

/** @throws UNKNOWN_COLUMN */
function featureOf(order: string | undefined, names: readonly string[]): "weight" | number {
  if (order === undefined || order === "weight") return "weight";
  const feature = names.indexOf(order);
  if (feature < 0) throw orderByUnknownColumn(order, names);
  return feature;
}

const NOTHING: Transform = { log: false, centre: 0, scale: 1 };

/** The mixture of a model in the units of another one's: as z = (their scale · their z + their centre − centre) / scale. */
function inSpace({ path, mixture, transforms }: OpenModel, space: Space): GaussianMixture["parameters"] {
  if (transforms === undefined && space.transforms === undefined) return mixture.parameters;
  const { features } = mixture;
  const pairs = Array.from({ length: features }, (_, j) => [
    transforms?.[j] ?? NOTHING,
    space.transforms?.[j] ?? NOTHING,
  ]);
  if (pairs.some(([theirs, ours]) => theirs.log !== ours.log)) throw otherLogarithms(path);
  const scales = pairs.map(([theirs, ours]) => theirs.scale / ours.scale);
  const means = mixture.means.map((mean, i) => {
    const [theirs, ours] = pairs[i % features];
    return (mean * theirs.scale + theirs.centre - ours.centre) / ours.scale;
  });
  const covariances = denseCovariances(mixture).map(
    (value, i) => value * scales[Math.floor(i / features) % features] * scales[i % features],
  );
  return GaussianMixture.fromParameters({ weights: mixture.weights, means, covariances }).parameters;
}

/** k × d × d, whatever the covariance type. */
function denseCovariances({
  components,
  features,
  covariances,
  covarianceType,
  variances,
}: GaussianMixture): Float64Array {
  const square = features * features;
  const { matrix, shared } = covarianceRow(covarianceType);
  return Float64Array.from({ length: components * square }, (_, i) => {
    if (matrix === "triangle") return covariances[shared ? i % square : i];
    const [row, column] = [Math.floor(i / features) % features, i % features];
    return row === column ? variances[Math.floor(i / square) * features + row] : 0;
  });
}
