import { expect, test } from "vitest";
import { hiddenTypes } from "../../support/public-types.ts";

test("every type in a public signature is exported", () => {
  expect(hiddenTypes("emix")).toEqual([]);
});

test("the check sees a type that is not", () => {
  // workers exports `EngineFitOptions`, which names core's `FitOptions`.
  expect(hiddenTypes("workers")).toContain("EngineFitOptions → FitOptions");
});
