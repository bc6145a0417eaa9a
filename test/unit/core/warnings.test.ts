import { describe, expect, test } from "vitest";
import { WarningLog } from "../../../packages/core/src/warnings.ts";

describe("the warnings of a fit", () => {
  test("one for each cause, with the iterations it was first and last seen in", () => {
    const log = new WarningLog();
    log.add([{ code: "SINGULAR_COVARIANCE", component: 1 }], 2);
    log.add([], 3);
    log.add(
      [
        { code: "SINGULAR_COVARIANCE", component: 1 },
        { code: "EMPTY_COMPONENT", component: 1 },
      ],
      4,
    );
    log.add([{ code: "SINGULAR_COVARIANCE", component: 2 }], 7);
    log.add([{ code: "CONSTANT_FEATURE", feature: 1 }], 0);
    expect(log.list()).toEqual([
      { code: "SINGULAR_COVARIANCE", component: 1, firstIteration: 2, lastIteration: 4 },
      { code: "EMPTY_COMPONENT", component: 1, firstIteration: 4, lastIteration: 4 },
      { code: "SINGULAR_COVARIANCE", component: 2, firstIteration: 7, lastIteration: 7 },
      { code: "CONSTANT_FEATURE", feature: 1, firstIteration: 0, lastIteration: 0 },
    ]);
    expect(new WarningLog().list()).toEqual([]);
  });

  test("what was done about an empty component is not forgotten when nothing more is", () => {
    const log = new WarningLog();
    log.add([{ code: "EMPTY_COMPONENT", component: 1, policy: "reseed" }], 2);
    log.add([{ code: "EMPTY_COMPONENT", component: 1 }], 3);
    expect(log.list()).toEqual([
      { code: "EMPTY_COMPONENT", component: 1, policy: "reseed", firstIteration: 2, lastIteration: 2 },
      { code: "EMPTY_COMPONENT", component: 1, firstIteration: 3, lastIteration: 3 },
    ]);
  });
});
