import { inUnitsOfPoints } from "@emix/core";
import { describe, expect, test } from "vitest";
import { fromKmeansPlusPlus, initialize } from "../../../../../packages/core/src/fit/initialization/initialize.ts";
import { plainRules } from "../../../../../packages/core/src/step/rules.ts";
import { expectFailure, expectRejection } from "../../../../support/failures.ts";
import { regularizationOf } from "../../../../support/regularization.ts";
import { executorOf } from "../../../../support/steps.ts";

const start = (components: number, ridge = 0) => ({
  components,
  covarianceType: "full" as const,
  seed: 1,
  rules: { ...plainRules(1), regularization: regularizationOf([0], ridge) },
});

/** Two groups of three, and a lone point that collapses whatever component it is alone in. */
const points = [[0], [1], [2], [100], [101], [102], [1000]];

describe("initialize", () => {
  test("the first attempt is fromKmeansPlusPlus", async () => {
    const executor = executorOf(points);
    const mixture = await initialize(executor, start(2, 1), 1, points.length);
    expect(mixture).toEqual(await fromKmeansPlusPlus(executor, start(2, 1)));
  });

  test("really tries again, with other draws, while a component collapses", async () => {
    const executor = executorOf([[0], [1], [2], [50], [51], [52], [53]]);
    let found = 0;
    for (let seed = 0; seed < 40; seed++) {
      const given = { ...start(3), seed };
      const first = await fromKmeansPlusPlus(executor, given).catch(() => null);
      if (first !== null) continue;
      const mixture = await initialize(executor, given, 50, 7);
      expect(mixture.packedCovariances.every((value) => value > 0)).toBe(true);
      found += 1;
    }
    expect(found).toBeGreaterThan(0);
  });

  test("gives up after so many attempts, naming the last cause", async () => {
    const error = await expectRejection(
      initialize(executorOf(points), start(7), 3, 7),
      "INITIALIZATION_FAILED",
      /^None of 3 attempt\(s\) gave a usable start\. The last one failed: Component \d of 7 collapsed/,
    );
    expect(error.details).toMatchObject({ attempts: 3, cause: { code: "COLLAPSED_COMPONENT" } });
  });

  test("what other draws would not mend ends it at once", async () => {
    const far = points.map(([x]) => [1e120 * x]);
    const executor = executorOf(far, new Array<number>(far.length).fill(1e240));
    await expectRejection(initialize(executor, start(2), 50, points.length), "OVERFLOW");
  });

  test("is in stored units: what no double holds in those of the points is found at the door", async () => {
    const executor = executorOf(points.map(([x]) => [1e160 * x]));
    const mixture = await initialize(executor, start(2), 50, points.length);
    expectFailure(() => inUnitsOfPoints(mixture, executor.tiles.exponents), "OVERFLOW");
  });

  test("too many components are no matter of luck", async () => {
    await expectRejection(initialize(executorOf(points), start(8), 50, 7), "TOO_MANY_COMPONENTS");
  });
});
