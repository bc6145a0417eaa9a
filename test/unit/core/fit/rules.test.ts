import { plainRulesFor, type RegularizationOption, resolveFitOptions, summarize } from "@emix/core";
import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../../packages/core/src/fit/rules.ts";
import { noPrior } from "../../../../packages/core/src/step/prior/prior.ts";
import { plainRules } from "../../../../packages/core/src/step/rules.ts";
import { limitsFor, regularizationOf } from "../../../support/regularization.ts";
import { executorOf } from "../../../support/steps.ts";

const spread = [
  [0, 10],
  [2, 30],
];
const single = { data: Float32Array.of(0, 10, 2, 30), features: 2 };

describe("rules of a fit", () => {
  const rulesOf = async (given: object, points: Parameters<typeof executorOf>[0] = spread) => {
    const executor = executorOf(points);
    return rulesFor(executor, resolveFitOptions({ components: 1, ...given }), await summarize(executor));
  };

  test("are its options, floors and steps in stored units", async () => {
    const given = {
      acceleration: "none",
      stopRule: "change",
      tolerance: 0.5,
      maxIterations: 7,
      emptyComponent: "drop",
      regularization: 1e-3,
      granularity: [0, 6],
    };
    expect(await rulesOf(given)).toEqual({
      acceleration: "none",
      stopRule: "change",
      tolerance: 0.5,
      maxIterations: 7,
      emptyComponent: "drop",
      fixed: null,
      groups: null,
      scored: false,
      regularization: regularizationOf([1e-3, 3]),
      resolution: { steps: Float64Array.of(0, 6), epsilon: 2 ** -52 },
      prior: noPrior,
    });
  });

  test("know the spacing of stored numbers", async () => {
    expect((await rulesOf({}, single)).resolution.epsilon).toBe(2 ** -23);
  });

  test("leave a ridge to the prior where there is one", async () => {
    const regularization = { absolute: 2 };
    expect((await rulesOf({ regularization })).regularization).toEqual(regularizationOf([0, 0], 2));
    expect((await rulesOf({ regularization, prior: {} })).regularization).toEqual(regularizationOf([0, 0]));
  });
});

describe("rules of plain EM", () => {
  test.each<RegularizationOption>([0, { absolute: 2 }])("with %j need no look at the points", async (option) => {
    const run = () => Promise.reject(new Error("a pass"));
    const rules = await plainRulesFor({ ...executorOf(spread), run }, option);
    expect(rules).toEqual({ ...plainRules(2), regularization: regularizationOf([0, 0], option === 0 ? 0 : 2) });
  });

  test("with a relative floor are those of a fit", async () => {
    const executor = executorOf(single);
    const limits = limitsFor({ regularization: 1e-3 }, await summarize(executor));
    expect(await plainRulesFor(executor, 1e-3)).toEqual({ ...plainRules(2), ...limits });
    expect(limits.resolution.epsilon).toBe(2 ** -23);
  });
});
