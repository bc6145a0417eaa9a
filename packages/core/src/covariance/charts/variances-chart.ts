import { exponential } from "../../elementary/exponential.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import type { Chart } from "./chart.ts";

/** T is a ratio of standard deviations for each feature. */
export const diagonalChart: Chart = variancesChart(() => 1);

/** T is one ratio of standard deviations, which all features share. */
export const scalarChart: Chart = variancesChart((features) => features);

function variancesChart(featuresPerVariance: (features: number) => number): Chart {
  const count = (features: number) => features / featuresPerVariance(features);
  return {
    ratio: (at, to) => at.map((w, i) => w / to[i]),

    matrixAt(at, ratio) {
      const factor = at.map((w, i) => w / ratio[i]);
      return { covariance: factor.map((w) => 1 / (w * w)), factor };
    },

    logarithm: (ratio) => change(ratio, logarithm),
    exponential: (coordinates) => change(coordinates, exponential),

    slope(ratio, outers, features) {
      const slope = ratio.map((entry) => featuresPerVariance(features) * (entry * entry - 1));
      for (const { share, vector } of outers) {
        vector.forEach((value, j) => {
          slope[j % slope.length] += share * value * value;
        });
      }
      return slope;
    },

    information: (features) => new Float64Array(count(features)).fill(2 * featuresPerVariance(features)),
  };
}

function change(values: Float64Array, to: (value: number) => number): void {
  for (let i = 0; i < values.length; i++) values[i] = to(values[i]);
}
