import { resolveFitOptions, summarize } from "@emix/core";
import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../../../packages/core/src/fit/rules.ts";
import type { Mixture } from "../../../../../packages/core/src/mixture/mixture.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { mixtureAt, origin } from "../../../../../packages/core/src/step/acceleration/coordinates.ts";
import { gradientAt } from "../../../../../packages/core/src/step/acceleration/gradient.ts";
import { expectation } from "../../../../../packages/core/src/step/expectation.ts";
import type { Rules } from "../../../../../packages/core/src/step/rules.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../../support/scenes.ts";
import { executorOf } from "../../../../support/steps.ts";

const priors = { none: undefined, some: { weightConcentration: 3, meanPrecision: 5, degreesOfFreedom: 9 } };

describe.each(COVARIANCE_TYPES)("the gradient, %s", (covarianceType) => {
  test.each(["none", "some"] as const)("is that of the bound: prior %s", async (prior) => {
    const [components, features, count] = [3, 2, 60];
    const at = mixtureOf(covarianceType, components, features, randomStream(1, "at")).parameters;
    const { points } = mixtureOf(covarianceType, components, features, randomStream(2, "of")).sample(count, {
      seed: 3,
    });
    const random = randomStream(4, "weights");
    const executor = executorOf(
      { data: points, features },
      Array.from({ length: count }, () => random.uniform()),
    );
    const options = resolveFitOptions({
      components,
      covarianceType,
      regularization: 0,
      ...(priors[prior] && { prior: priors[prior] }),
    });
    const rules = await rulesFor(executor, options, await summarize(executor));
    const gradient = gradientAt(at, await expectation(executor, at, rules), rules.prior.meanPrecision);
    const bound = (mixture: Mixture) => boundOf(mixture, rules);
    async function boundOf(mixture: Mixture, { prior }: Rules): Promise<number> {
      const met = await expectation(executor, mixture, rules);
      return prior.bound.of === "began" ? prior.bound.at(mixture, met) : Number.NaN;
    }
    for (let i = 0; i < gradient.length; i++) {
      const step = 1e-5;
      const along = (value: number) => mixtureAt(origin(at).fill(value, i, i + 1), at);
      const slope = ((await bound(along(step))) - (await bound(along(-step)))) / (2 * step);
      expect(Math.abs(gradient[i] - slope)).toBeLessThan(1e-8 * Math.max(1, Math.abs(slope)));
    }
  });
});
