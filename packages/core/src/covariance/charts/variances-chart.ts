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
    ratio: (at, to) => at.factor.map((w, i) => w / to.factor[i]),

    matrixAt(at, ratio) {
      const factor = at.factor.map((w, i) => w / ratio[i]);
      return { covariance: factor.map((w) => 1 / (w * w)), factor };
    },

    logarithm: (ratio) => ratio.map(logarithm),
    exponential: (coordinates) => coordinates.map(exponential),

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
