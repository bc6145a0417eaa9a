import { GaussianMixture, summarize } from "@emix/core";
import fc from "fast-check";
import { determinant, inverse, Matrix } from "ml-matrix";
import { describe, expect } from "vitest";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { error, rows } from "../support/compare.ts";
import { law } from "../support/laws.ts";
import { limitsFor } from "../support/regularization.ts";
import { CORRELATED_TYPES, COVARIANCE_TYPES, reordered, scenes, shuffled } from "../support/scenes.ts";
import { executorOf, steps } from "../support/steps.ts";

/** Public covariances or factors, one matrix for every component whatever the type. */
function matricesOf(values: Float64Array, { covarianceType, components, features }: GaussianMixture): Matrix[] {
  const { matrix, shared } = covarianceRow(covarianceType);
  const length = values.length / (shared ? 1 : components);
  return Array.from({ length: components }, (_, c) => {
    const own = shared ? values : values.slice(c * length, (c + 1) * length);
    if (matrix === "triangle") return new Matrix(rows(own, features));
    return Matrix.diag(Array.from({ length: features }, (_, j) => own[j % length]));
  });
}

describe.each(COVARIANCE_TYPES)("densities, %s covariances", (type) => {
  const types = [type];

  law("U Uᵀ Σ = I, U upper triangular", scenes({ types, features: 6, count: 0 }), 250, ({ start, features }) => {
    const factors = matricesOf(start.precisionsCholesky, start);
    for (const [c, covariance] of matricesOf(start.covariances, start).entries()) {
      const factor = factors[c];
      const product = factor.mmul(factor.transpose()).mmul(covariance);
      expect(error(product.to2DArray(), Matrix.eye(features).to2DArray())).toBeLessThan(1e-12);
      for (let i = 0; i < features; i++) for (let j = 0; j < i; j++) expect(factor.get(i, j)).toBe(0);
    }
  });

  law("log densities are those of ml-matrix", scenes({ types, features: 5, count: 30 }), 40, (scene) => {
    const { start, points, count, features } = scene;
    const actual = start.conditionalLogProb(points);
    for (const [c, covariance] of matricesOf(start.covariances, start).entries()) {
      const precision = inverse(covariance);
      const constant = -0.5 * (features * Math.log(2 * Math.PI) + Math.log(determinant(covariance)));
      for (let i = 0; i < count; i++) {
        const z = Matrix.columnVector(
          Array.from({ length: features }, (_, j) => points.data[i * features + j] - start.means[c * features + j]),
        );
        const expected = constant - 0.5 * z.transpose().mmul(precision).mmul(z).get(0, 0);
        expect(error(actual[i * start.components + c], expected)).toBeLessThan(1e-11);
      }
    }
  });

  law("rows of predictProba sum to 1, and predict is their largest", scenes({ types }), 250, (scene) => {
    const { start, points } = scene;
    const labels = start.predict(points);
    for (const [i, row] of rows(start.predictProba(points), start.components).entries()) {
      expect(Math.abs(row.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-14);
      expect(row[labels[i]]).toBe(Math.max(...row));
    }
  });

  law("log p = log Σ exp(log π + log N); posteriors are the difference", scenes({ types }), 30, (scene) => {
    const { start, points } = scene;
    const k = start.components;
    const conditional = rows(start.conditionalLogProb(points), k);
    const logProb = start.logProb(points);
    const posterior = rows(start.logComponentPosterior(points), k);
    const responsibilities = rows(start.predictProba(points), k);
    for (const [i, row] of conditional.entries()) {
      const joint = row.map((value, c) => value + start.logWeights[c]);
      const most = Math.max(...joint);
      const expected = most + Math.log(joint.reduce((sum, value) => sum + Math.exp(value - most), 0));
      expect(error(logProb[i], expected)).toBeLessThan(1e-13);
      expect(
        error(
          posterior[i],
          joint.map((value) => value - expected),
        ),
      ).toBeLessThan(1e-12);
      expect(error(posterior[i].map(Math.exp), responsibilities[i])).toBeLessThan(1e-13);
    }
  });

  law("a mixture survives JSON bit for bit", scenes({ types }), 250, ({ start, points, count }) => {
    const given = start.components === 1 ? start : refit(start, points, count);
    const text = JSON.stringify(given);
    const read = GaussianMixture.fromJSON(JSON.parse(text));
    expect(read.parameters).toEqual(given.parameters);
    expect(JSON.stringify(read)).toBe(text);
    expect(read.predictProba(points)).toEqual(given.predictProba(points));
    expect(read.logProb(points)).toEqual(given.logProb(points));
  });

  law("what is said of a point is the same wherever it lies, bit for bit", scenes({ types }), 250, (scene) => {
    const { start, points, count, seed, components } = scene;
    const order = shuffled(count, randomStream(seed, "order"));
    const moved = reordered(points, order);
    const logProb = start.logProb(points);
    expect(start.logProb(moved)).toEqual(Float64Array.from(order, (from) => logProb[from]));
    const probabilities = rows(start.predictProba(points), components);
    expect(rows(start.predictProba(moved), components)).toEqual(order.map((from) => probabilities[from]));
  });

  law(
    "scores and criteria: weight w is the point w times",
    scenes({ types }),
    250,
    ({ start, points, count, seed }) => {
      const random = randomStream(seed, "weights");
      const weights = Array.from({ length: count }, () => Math.floor(4 * random.uniform()));
      const copies = reordered(
        points,
        weights.flatMap((weight, row) => new Array<number>(weight).fill(row)),
      );
      for (const criterion of ["score", "aic", "bic", "icl"] as const) {
        expect(error(start[criterion](points, { pointWeights: weights }), start[criterion](copies))).toBeLessThan(
          1e-12,
        );
      }
    },
  );

  law("points drawn from a mixture score as its entropy says", scenes({ types, count: 0 }), 5, ({ start, seed }) => {
    const a = start.sample(4000, { seed });
    const b = start.sample(4000, { seed: `${seed}` });
    const score = (points: Float64Array) => start.score({ data: points, features: start.features });
    expect(Math.abs(score(a.points) - score(b.points))).toBeLessThan(0.3);
  });
});

describe("near-singular mixtures", () => {
  law(
    "survive JSON bit for bit, and predict the same, up to a condition of 1e28",
    fc.tuple(scenes({ types: CORRELATED_TYPES, features: { least: 2, most: 5 } }), fc.integer({ min: -14, max: -3 })),
    250,
    async ([{ points, start, features, seed }, thickness]) => {
      const random = randomStream(seed, "thin");
      const data = points.data.slice() as Float64Array;
      for (let row = 0; row < data.length; row += features) {
        data[row + features - 1] = 0.3 * data[row] + 10 ** thickness * random.normal();
      }
      const flat = { data, features };
      const executor = executorOf(flat);
      const floor = limitsFor({ regularization: 1e-30 }, await summarize(executor));
      const given = new GaussianMixture((await steps(executor, start, 3, floor)).mixture);
      const read = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(given)));
      expect(read.parameters).toEqual(given.parameters);
      expect(read.predictProba(flat)).toEqual(given.predictProba(flat));
      expect(read.logProb(flat)).toEqual(given.logProb(flat));
    },
  );
});

/** A mixture whose means have residuals. */
function refit(
  start: GaussianMixture,
  points: { data: Float64Array | Float32Array; features: number },
  count: number,
): GaussianMixture {
  const assignmentProbs = start.predictProba(points);
  expect(assignmentProbs.length).toBe(count * start.components);
  const { covarianceType } = start;
  return GaussianMixture.fromPointsAndAssignmentProbs(points, { assignmentProbs, covarianceType });
}
