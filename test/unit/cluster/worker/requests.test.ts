import { describe, expect, test } from "vitest";
import type { Plan } from "../../../../packages/cluster/src/protocol.ts";
import { blocksRequest, evaluateRequest } from "../../../../packages/cluster/src/worker/requests.ts";
import { standsOf } from "../../../../packages/core/src/kernels/position.ts";
import { densityLayout } from "../../../../packages/core/src/mixture/density.ts";
import { expectFailure } from "../../../support/failures.ts";

const [components, features, covarianceType] = [3, 2, "diag"] as const;
const layout = densityLayout(components, features, covarianceType);
const parameters = new Float64Array(layout.length).fill(0.5);
const plan: Plan = {
  ...{ id: "plan", files: [{ path: "a.csv", bytes: 9, checksum: "x", rows: 100, points: 100 }], read: {} },
  ...{ count: 100, features, dtype: "f64", weighted: false, transforms: null },
};
const program = {
  ...{ kind: "simd", components, covarianceType, arithmetic: "f64", strict: false, fuses: true },
};

test("the stands of many components are taken as the core makes them", () => {
  const inflations = new Float64Array(components).fill(1);
  const stands = standsOf({ parameters, layout, arithmetic: "f64", inflations });
  const request = { plan, program, parameters, quantities: ["labels"], top: 0, stands };
  expect(evaluateRequest(request, { end: 1 })).toBe(request);
  const short = { ...request, stands: stands.subarray(1) };
  expectFailure(() => evaluateRequest(short, { end: 1 }), "CLUSTER_MISMATCH", /its stands cannot be/);
});

describe("what a worker needs for lists", () => {
  const listing = {
    ...{ run: "a run", inflations: new Float64Array(components).fill(1), scales: new Float64Array(features).fill(2) },
    ...{ unit: -3, wider: [0, 2] },
  };
  const asked = (change: object) => ({
    ...{ plan, program, parameters, tilesInBlock: 2, blocks: 1, measured: false, labelled: false },
    listing: { ...listing, ...change },
  });

  test("is taken", () => {
    const request = asked({});
    expect(blocksRequest(request, { end: 1 })).toBe(request);
  });

  test.each([
    ["run", ""],
    ["inflations", new Float64Array(2).fill(1)],
    ["inflations", Float64Array.of(1, 0, 1)],
    ["unit", Number.NaN],
    ["scales", Float64Array.of(1, Number.NaN)],
    ["scales", new Float64Array(3).fill(1)],
    ["wider", [3]],
    ["wider", [1, 1]],
    ["wider", [0.5]],
    ["wider", undefined],
  ])("is refused with %s of %j", (name, value) => {
    expectFailure(
      () => blocksRequest(asked({ [name]: value }), { end: 1 }),
      "CLUSTER_MISMATCH",
      new RegExp(`its ${name} cannot be`),
    );
  });

  test("is refused where there is no program", () => {
    const request = { ...asked({}), program: null, parameters: new Float64Array(features) };
    expectFailure(() => blocksRequest(request, { end: 1 }), "CLUSTER_MISMATCH", /its inflations cannot be/);
  });
});
