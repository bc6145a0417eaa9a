import { GaussianMixture, randomStream } from "@emix/core";
import { Matrix } from "ml-matrix";
import { expect, test } from "vitest";

test.each([1, 2, 16, 17])("the factor of an estimate is that of its covariance, %i features", (features) => {
  const random = randomStream(features, "estimate");
  const points = Array.from({ length: 60 }, () => Array.from({ length: features }, () => random.normal()));
  const { covariances, precisionsCholesky } = GaussianMixture.fromPointsAndAssignmentProbs({
    points,
    assignmentProbs: points.map(() => [1]),
  });
  const covariance = Matrix.from1DArray(features, features, covariances);
  const upper = Matrix.from1DArray(features, features, precisionsCholesky);
  const rest = upper.transpose().mmul(covariance).mmul(upper).sub(Matrix.eye(features));
  expect(rest.norm()).toBeLessThan(1e-13);
});
