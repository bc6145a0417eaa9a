import { GaussianMixture, type Model, tailQuantiles, writeModel } from "emix";

// A model with everything that a file of one may hold, and rows for it.

const TRANSFORMS = [
  { log: true, centre: 0.5, scale: 2 },
  { log: false, centre: -1, scale: 4 },
];

/** Of columns a and b, with quantiles of the log densities of `points`. */
export function modelFor(points: readonly (readonly number[])[], transforms?: Model["transforms"]): Model {
  const mixture = GaussianMixture.fromParameters({
    covarianceType: "full",
    weights: [0.4, 0.6],
    means: [
      [0, 0],
      [1, -0.5],
    ],
    covariances: [
      [
        [0.5, 0.2],
        [0.2, 0.4],
      ],
      [
        [0.3, -0.1],
        [-0.1, 0.6],
      ],
    ],
  }).parameters;
  const model: Model = { mixture, columns: ["a", "b"], ...(transforms && { transforms }) };
  return {
    ...model,
    outliers: tailQuantiles(
      Float64Array.from(points, (point) => logDensityOf(model, point)),
      null,
    ),
  };
}

export function modelWithLogarithm(points: readonly (readonly number[])[]): Model {
  return modelFor(points, TRANSFORMS);
}

/** By the formula, of the columns as they are. */
export function logDensityOf({ mixture, transforms }: Model, point: readonly number[]): number {
  if (transforms === undefined) return new GaussianMixture(mixture).logProb([point])[0];
  const moved = point.map((x, j) => {
    const { log, centre, scale } = transforms[j];
    return ((log ? Math.log(x) : x) - centre) / scale;
  });
  const slopes = point.map((x, j) => (transforms[j].log ? 1 / x : 1) / transforms[j].scale);
  return new GaussianMixture(mixture).logProb([moved])[0] + Math.log(slopes[0]) + Math.log(slopes[1]);
}

export function jsonOf(model: Model): string {
  return new TextDecoder().decode(writeModel(model, "json"));
}
