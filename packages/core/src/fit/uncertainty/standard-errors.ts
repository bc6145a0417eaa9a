import { matrixChart } from "../../covariance/charts/charts.ts";
import { matrixOf, owners, packedOf } from "../../covariance/covariances.ts";
import { matrixForm } from "../../covariance/forms.ts";
import { matrixLength, matrixStart } from "../../covariance/shape.ts";
import { covarianceRow } from "../../covariance/types.ts";
import { invalidOption } from "../../errors.ts";
import { timesPower } from "../../linear-algebra/powers-of-two.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { inStoredUnits } from "../../mixture/units.ts";
import type { Executor } from "../../passes/executor.ts";
import { unitsAt } from "../../step/acceleration/coordinates.ts";
import { errorsOf, type Information, informationAt } from "./information.ts";

/** Standard errors of the parameters of a mixture, each laid out as its parameter. */
export interface StandardErrors {
  /** k */
  readonly weights: Float64Array;
  /** k × d */
  readonly means: Float64Array;
  /** as the `covariances` of the mixture */
  readonly covariances: Float64Array;
}

/** A step in a coordinate of a covariance. */
const STEP = 1e-5;

/**
 * Standard errors by the observed information of the points (derivation.md §21), in the units of the points.
 * in: the mixture that is likeliest, in the units of the points
 * @throws NOT_A_MAXIMUM, INVALID_OPTION for a mixture with a component of weight 0
 */
export async function standardErrors(executor: Executor, mixture: Mixture): Promise<StandardErrors> {
  const empty = mixture.weights.findIndex((weight) => !(weight > 0));
  if (empty >= 0) throw invalidOption("mixture", "one whose components all have a weight", `component ${empty} of 0`);
  const { exponents } = executor.tiles;
  const at = inStoredUnits(mixture, exponents);
  const information = await informationAt(executor, at);
  const { features } = at;
  const exponent = (i: number) => exponents?.[i % features] ?? 0;
  return {
    weights: ofWeights(information, at),
    means: ofMeans(information, at).map((error, i) => timesPower(error, exponent(i))),
    covariances: ofCovariances(information, at, exponent),
  };
}

/** dπ_c = π_c (dη_c − Σ π_b dη_b), where √π_c η_c are the coordinates. */
function ofWeights(information: Information, { weights }: Mixture): Float64Array {
  const slopes = Array.from(weights, (own, b) =>
    weights.map((weight, c) => Math.sqrt(own) * ((b === c ? 1 : 0) - weight)),
  );
  return errorsOf(information, 0, slopes);
}

/** dμ_c = L_c dv_c, where √π_c v_c are the coordinates. out: k × d */
function ofMeans(information: Information, at: Mixture): Float64Array {
  const { components, features, covarianceType, weights } = at;
  const form = matrixForm(covarianceType);
  const errors = new Float64Array(components * features);
  for (let c = 0; c < components; c++) {
    const root = form.root(matrixOf(at, at, c), features);
    const slopes = Array.from({ length: features }, (_, l) => {
      const unit = new Float64Array(features);
      unit[l] = 1 / Math.sqrt(weights[c]);
      const slope = new Float64Array(features);
      form.multiply(root, unit, slope);
      return slope;
    });
    errors.set(errorsOf(information, components + c * features, slopes), c * features);
  }
  return errors;
}

/** The derivatives of a covariance in its coordinates are taken by differences. in: exponent, of a feature */
function ofCovariances(information: Information, at: Mixture, exponent: (i: number) => number): Float64Array {
  const { components, features, covarianceType } = at;
  const form = matrixForm(covarianceType);
  const chart = matrixChart(covarianceType);
  const units = unitsAt(at);
  const length = matrixLength(covarianceRow(covarianceType).matrix, features);
  const parts = owners(at).map(([component]) => {
    const first = components + components * features + matrixStart(covarianceType, component, features);
    const slopes = Array.from({ length }, (_, i) => {
      const covarianceAt = (step: number) => {
        const coordinates = new Float64Array(length);
        coordinates[i] = step / units[first + i];
        chart.exponential(coordinates, features);
        const { covariance } = chart.matrixAt(packedOf(at.factors, at, component), coordinates, features);
        return form.expandCovariance(covariance, features);
      };
      const before = covarianceAt(-STEP);
      return covarianceAt(STEP).map((value, q) => (value - before[q]) / (2 * STEP));
    });
    const errors = errorsOf(information, first, slopes);
    const rows = form.featuresPerVariance(features) > 1 ? 1 : features;
    const power = (q: number) =>
      errors.length > rows ? exponent(Math.floor(q / rows)) + exponent(q) : 2 * exponent(q);
    return errors.map((error, q) => timesPower(error, power(q)));
  });
  return Float64Array.from(parts.flatMap((part) => [...part]));
}
