import { describe, expect, test } from "vitest";
import { makeStart, type RunStart } from "../../../../../packages/core/src/fit/exchange/start-job.ts";
import { makeStarts } from "../../../../../packages/core/src/fit/initialization/starts.ts";
import { resolveFitOptions } from "../../../../../packages/core/src/fit/options/resolve.ts";
import { summarize } from "../../../../../packages/core/src/fit/summary.ts";
import { GaussianMixture } from "../../../../../packages/core/src/gaussian-mixture.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { plainRules } from "../../../../../packages/core/src/step/rules.ts";
import { expectRejection } from "../../../../support/failures.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { regularizationOf } from "../../../../support/regularization.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../../support/scenes.ts";

const points = [
  [0, 1],
  [2, 1],
  [1, 4],
  [3, 9],
];

async function startsOf(options: Parameters<typeof resolveFitOptions>[0], given = points) {
  const executor = inThreadExecutor(tilePoints(given));
  const rules = { ...plainRules(given[0].length), regularization: regularizationOf(given[0].map(() => 1e-3)) };
  const runStart: RunStart = (job) => makeStart(executor.over(job.sample), job);
  return makeStarts(executor, resolveFitOptions(options), { summary: await summarize(executor), rules, runStart });
}

describe("a mixture as start", () => {
  test.each(COVARIANCE_TYPES)("is the start itself, component by component: %s", async (type) => {
    const initialization = mixtureOf(type, 2, 2, randomStream(1, type));
    const starts = await startsOf({ components: 2, covarianceType: type, initialization });
    expect(starts.length).toBe(1);
    expect(await starts[0]()).toEqual({ mixture: initialization.parameters, warnings: [] });
  });

  test("is converted to the units of stored points", async () => {
    const initialization = mixtureOf("diag", 2, 2, randomStream(1, "units"));
    const far = points.map((row) => row.map((value) => value * 2 ** 600));
    const [start] = await startsOf({ components: 2, covarianceType: "diag", initialization }, far);
    const { mixture } = await start();
    // 9 · 2^600 is stored below 2^441.
    expect([...mixture.means]).toEqual([...initialization.means].map((mean) => mean * 2 ** -163));
  });

  test("leaves its posterior behind, unless inference goes on from it", async () => {
    const posterior = {
      weightConcentrationType: "distribution" as const,
      weightConcentration: Float64Array.of(2, 3),
      meanPrecision: Float64Array.of(2, 3),
      degreesOfFreedom: Float64Array.of(4, 5),
    };
    const { parameters } = mixtureOf("full", 2, 2, randomStream(1, "posterior"));
    const initialization = new GaussianMixture({ ...parameters, posterior });
    const [plain] = await startsOf({ components: 2, initialization });
    const [variational] = await startsOf({ components: 2, initialization, inference: "variational" });
    expect((await plain()).mixture).toEqual(parameters);
    expect((await variational()).mixture.posterior).toBe(posterior);
  });

  test("is of as many features as the points", async () => {
    const initialization = mixtureOf("full", 2, 3, randomStream(1, "features"));
    const [start] = await startsOf({ components: 2, initialization });
    await expectRejection(start(), "FEATURES_MISMATCH", /3 feature\(s\), got 2/);
  });
});

test("every restart has a start, and draws of its own", async () => {
  for (const initialization of ["k-means++", "random"] as const) {
    const starts = await startsOf({ components: 2, restarts: 6, initialization, covarianceType: "spherical" });
    const means = new Set<string>();
    for (const start of starts) means.add(String((await start()).mixture.means));
    expect(starts.length).toBe(6);
    expect(means.size).toBeGreaterThan(1);
  }
});
