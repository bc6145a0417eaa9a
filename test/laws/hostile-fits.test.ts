import { describe, expect, test } from "vitest";
import { hostileFit, outcome } from "../support/hostile.ts";

/** `pnpm fuzz` tries as many as one likes. */
const FITS = 2000;

describe("hostile fits end in a sound model or in a typed error", () => {
  test(`${FITS} of them`, { timeout: 120_000 }, async () => {
    const seen = new Set<string>();
    for (let index = 0; index < FITS; index++) seen.add(await outcome(hostileFit("laws", index)));
    for (const code of ["ok", "COLLAPSED_COMPONENT", "TOO_FEW_DISTINCT_POINTS", "OVERFLOW", "UNDERFLOW"]) {
      expect(seen).toContain(code);
    }
  });
});
