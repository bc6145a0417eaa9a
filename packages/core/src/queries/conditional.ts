import { owners, packedCovariances, packedOf } from "../covariance/covariances.ts";
import { covarianceRow } from "../covariance/types.ts";
import { exponential } from "../elementary/exponential.ts";
import { invalidOption } from "../errors.ts";
import { cholesky, invertTriangle, multiplyTriangle, outerOfTriangle } from "../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { evaluateNow, rowsToEvaluate } from "../passes/answers/evaluate-now.ts";
import { marginal, requireFeatures } from "./marginal.ts";

/** What a mixture says of some features once others are known (derivation.md §20). */
export class Conditioner {
  /** the features that are known, and the others, rising */
  readonly given: readonly number[];
  readonly rest: readonly number[];
  readonly #known: Mixture;
  readonly #rest: Mixture;
  /** B of each component: the means of the rest are μ + B W (x − μ); null without correlations */
  readonly #slopes: readonly Float64Array[] | null;

  /** @throws INVALID_OPTION */
  constructor(mixture: Mixture, given: readonly number[]) {
    const { features, covarianceType, components } = mixture;
    requireFeatures("given", given, features);
    if (given.length === features) throw invalidOption("given", "to leave at least one feature out", given);
    this.given = given;
    this.rest = Array.from({ length: features }, (_, j) => j).filter((j) => !given.includes(j));
    this.#known = marginal(mixture, given);
    const rest = marginal(mixture, this.rest);
    if (covarianceRow(covarianceType).matrix !== "triangle") {
      this.#rest = rest;
      this.#slopes = null;
      return;
    }
    const ordered = marginal(mixture, [...given, ...this.rest]);
    const roots = owners(ordered).map(([component]) => rootOf(ordered, component));
    const rootsOf = (component: number) => roots[roots.length === 1 ? 0 : component];
    this.#rest = {
      ...rest,
      ...packedCovariances(rest, ([component]) => lastPart(rootsOf(component), given.length, features)),
    };
    this.#slopes = Array.from({ length: components }, (_, c) => lowerRows(rootsOf(c), given.length, features));
  }

  /** The mixtures of the rest, one for each row of known numbers; they share covariances. in: values, n × given */
  *of(values: Float64Array): Generator<Mixture> {
    const { components } = this.#known;
    const width = this.given.length;
    if (values.length === 0) return;
    const points = rowsToEvaluate({ data: values, features: width });
    const { logJoint, logDensities } = evaluateNow(points, this.#known, ["logJoint", "logDensities"]);
    for (let row = 0; row * width < values.length; row++) {
      // Not the responsibilities, which are 0 where they are negligible: the rest may lie where such a component is all.
      const logs = logJoint.subarray(row * components, (row + 1) * components);
      const weights = logs.map((log) => exponential(log - logDensities[row]));
      yield { ...this.#rest, weights, ...this.#meansAt(values.subarray(row * width, (row + 1) * width)) };
    }
  }

  #meansAt(values: Float64Array): Pick<Mixture, "means" | "meansResidual"> {
    const slopes = this.#slopes;
    const { means, meansResidual } = this.#rest;
    if (slopes === null) return { means, meansResidual };
    const known = this.#known;
    const [width, free] = [this.given.length, this.rest.length];
    const moved = means.slice();
    const whitened = new Float64Array(width);
    slopes.forEach((slope, c) => {
      const away = values.map((value, j) => value - known.means[c * width + j] - known.meansResidual[c * width + j]);
      multiplyTriangle(packedOf(known.factors, known, c), 0, away, whitened);
      for (let i = 0; i < free; i++) {
        let step = meansResidual[c * free + i];
        for (let j = 0; j < width; j++) step += slope[i * width + j] * whitened[j];
        moved[c * free + i] += step;
      }
    });
    return { means: moved, meansResidual: new Float64Array(moved.length) };
  }
}

/** L of a component, packed. A mixture's covariances are positive definite, and so are they in any order. */
function rootOf(mixture: Mixture, component: number): Float64Array {
  return cholesky(packedOf(mixture.packedCovariances, mixture, component), mixture.features) as Float64Array;
}

/** The covariance of the rest, S Sᵀ of the last rows and columns of L, with its factor. */
function lastPart(root: Float64Array, from: number, size: number) {
  const last = new Float64Array(triangleLength(size - from));
  for (let i = from; i < size; i++) {
    for (let j = from; j <= i; j++) last[triangleRow(i - from) + (j - from)] = root[triangleRow(i) + j];
  }
  return {
    covariance: outerOfTriangle(last, size - from),
    factor: invertTriangle(last, size - from),
    directions: undefined,
  };
}

/** The last rows of L, as far as the known features go. out: (d − from) × from */
function lowerRows(root: Float64Array, from: number, size: number): Float64Array {
  return Float64Array.from({ length: (size - from) * from }, (_, i) => {
    return root[triangleRow(from + Math.floor(i / from)) + (i % from)];
  });
}
