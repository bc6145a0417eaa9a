import { fit, resolveFitOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";

// Covariances that vanish: by regularization they are floored and told, whatever stood in for their 0 meanwhile.

interface Clouds {
  readonly seed: number;
  readonly offset: number;
  readonly components: number;
  readonly weighted: boolean;
}

async function fitted({ seed, offset, components, weighted }: Clouds) {
  const random = randomStream("nm", `${seed}`);
  const data = Float64Array.from({ length: 90 }, (_, i) => 4 * (Math.floor(i / 3) % 3) + random.normal() + offset);
  const weights = weighted ? Array.from({ length: 30 }, () => 10 ** (24 * random.uniform() - 12)) : undefined;
  const initialization = seed % 2 === 0 ? "k-means++" : "random";
  const executor = inThreadExecutor(tilePoints({ data, features: 3 }, weights));
  const steps = fit(executor, resolveFitOptions({ components, seed, initialization, maxIterations: 30 }));
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

describe("covariances that vanish", () => {
  test("a scatter of 0 in its frame, less a shift that is not quite 0, has a factor", async () => {
    const { mixture, warnings } = await fitted({ seed: 3, offset: 0, components: 10, weighted: false });
    expect(mixture.factors.every(Number.isFinite)).toBe(true);
    expect(warnings.map(({ code }) => code)).toContain("SINGULAR_COVARIANCE");
  });

  test.each([
    { seed: 228, offset: 1e8, components: 3, weighted: true },
    { seed: 8, offset: 1e10, components: 3, weighted: true },
  ])("the floor holds below the rounding of the data: the likelihood never falls %#", async (clouds) => {
    const { warnings, history } = await fitted(clouds);
    expect(history.length).toBeGreaterThan(2);
    expect(warnings.map(({ code }) => code)).toContain("COLLAPSED_COMPONENT");
    expect(warnings.map(({ code }) => code)).not.toContain("NON_MONOTONE");
  });
});
