import { expect, test } from "vitest";
import { labelsFrom, requireClusters } from "../../../../packages/core/src/queries/cluster-labels.ts";
import { expectFailure } from "../../../support/failures.ts";

test("a point goes to the cluster with the greatest share, the lower one of a tie", () => {
  const responsibilities = Float64Array.of(0.3, 0.4, 0.3, 0.25, 0.5, 0.25, 0, 1, 0);
  expect([...labelsFrom(responsibilities, Int32Array.of(0, 1, 0))]).toEqual([0, 0, 1]);
});

test("clusters are numbers of the components", () => {
  expect(requireClusters([0, 0, 1], 3)).toEqual(Int32Array.of(0, 0, 1));
  for (const wrong of [[0, 0], [0, 0, 3], [0, 0, -1], [0, 0, 0.5], null, "001", undefined]) {
    expectFailure(
      () => requireClusters(wrong, 3),
      "INVALID_OPTION",
      /Expected `clusterOf` to be the cluster of each of 3 components/,
    );
  }
});
