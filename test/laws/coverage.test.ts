import { expect, test } from "vitest";
import { randomStream } from "../../packages/core/src/random.ts";
import { coverageOf } from "../support/coverage.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../support/scenes.ts";

/** Of 120 independent intervals of 95 %, fewer or more than these hold the truth once in some thousands. */
const LEAST = 0.87;

// 200 fits and 200 resamples each: pnpm bench coverage.
test("95 % intervals hold the truth about as often as they say", { timeout: 60_000 }, async () => {
  const truth = mixtureOf("diag", 2, 2, randomStream(4, "diag"));
  const { bootstrap, information } = await coverageOf(truth, { fits: 30, count: 1000, resamples: 60 });
  for (const { weights, means, covariances } of [bootstrap, information]) {
    for (const share of [weights, means, covariances]) expect(share).toBeGreaterThan(LEAST);
  }
});

test("intervals by the observed information hold the truth, whatever the covariance type", {
  timeout: 60_000,
}, async () => {
  for (const type of COVARIANCE_TYPES) {
    const truth = mixtureOf(type, 2, 2, randomStream(4, type));
    const { information } = await coverageOf(truth, { fits: 40, count: 1000, resamples: 0 });
    const { means, covariances } = information;
    expect(Math.min(means, covariances), type).toBeGreaterThan(LEAST);
  }
});
