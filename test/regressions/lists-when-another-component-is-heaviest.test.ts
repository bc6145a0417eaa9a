import { expect, test } from "vitest";
import { GaussianMixture } from "../../packages/core/src/gaussian-mixture.ts";
import type { ExpectationPass } from "../../packages/core/src/passes/pass.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { expectationPass } from "../../packages/core/src/step/expectation.ts";
import { contextOf } from "../../packages/core/src/step/lists/context.ts";
import { openLists } from "../../packages/core/src/step/lists/open.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";

// Kernels take log determinants in units of the heaviest component. When another one became the heaviest, all log densities
// moved by the same number, and lists took this for components that had moved: thousands of tiles looked for all again.

const [K, D, N] = [64, 8, 8192];
const random = randomStream("heaviest", "lists");
const means = Array.from({ length: K * D }, () => 20 * random.normal());
const deviations = Array.from({ length: K }, (_, component) => (component === 1 ? 4 : 1));
const data = Float64Array.from({ length: N * D }, (_, i) => {
  const group = Math.floor((Math.floor(i / D) * K) / N);
  return means[group * D + (i % D)] + deviations[group] * random.normal();
});
const covariances = Array.from({ length: K * D }, (_, i) => deviations[Math.floor(i / D)] ** 2);
const executor = inThreadExecutor(tilePoints({ data, features: D }), "simd");

/** All components weigh the same, but for one. */
function mixtureWith(heaviest: number) {
  const parts = Array.from({ length: K }, (_, component) => (component === heaviest ? 1.01 : 1));
  const weights = parts.map((part) => part / (K + 0.01));
  return GaussianMixture.fromParameters({ weights, means, covariances, covarianceType: "diag" }).parameters;
}

const slotsOf = (pass: ExpectationPass) => executor.run(pass, ({ values }) => Array.from(values, (value) => value + 0));

test("no component moves, and the lists stay, when another component is the heaviest", async () => {
  const { lists, close } = await openLists(executor, mixtureWith(0));
  const counts: number[][] = [];
  for (const [step, heaviest] of [0, 1, 0].entries()) {
    const mixture = mixtureWith(heaviest);
    const dense = expectationPass(executor, mixture, { ruleOfZero: true });
    const pass = await lists?.listed(executor, dense, contextOf(mixture));
    if (pass?.lists === undefined) throw new Error("there are no lists");
    expect(pass.lists.movers.length, `step ${step}`).toBe(0);
    expect(await slotsOf(pass)).toEqual(await slotsOf(dense));
    counts.push([...pass.lists.counts]);
  }
  expect(contextOf(mixtureWith(1)).unit - contextOf(mixtureWith(0)).unit).toBeCloseTo(-2 * D * Math.LN2, 9);
  expect(counts[2]).toEqual(counts[0]);
  close();
});
