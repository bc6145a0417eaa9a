import { describe, expect, test } from "vitest";
import { hostileFit, outcome } from "../support/hostile.ts";
import { executorsBy, KERNELS } from "../support/steps.ts";

/** `pnpm fuzz` tries as many as one likes. */
const FITS = 2000;

describe.each(KERNELS)("hostile fits by the %s kernel end in a sound model or in a typed error", (kernel) => {
  const executorFor = executorsBy(kernel);

  test(`${FITS} of them`, { timeout: 120_000 }, async () => {
    const seen = new Set<string>();
    for (let index = 0; index < FITS; index++) seen.add(await outcome(hostileFit("laws", index), executorFor));
    for (const code of ["ok", "COLLAPSED_COMPONENT", "TOO_FEW_DISTINCT_POINTS", "OVERFLOW", "UNDERFLOW"]) {
      expect(seen).toContain(code);
    }
  });
});
