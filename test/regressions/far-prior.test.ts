import { expect, test } from "vitest";
import { hostileFit, outcome } from "../support/hostile.ts";

// Covariances of condition 1e200: both are computed from the factor, or a file of the model would be refused.
test.each([7405, 15306])("a model whose prior lies 1e100 away from its points can be read back, %i", async (index) => {
  expect(await outcome(hostileFit("11", index))).toBe("ok");
});
