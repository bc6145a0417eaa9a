import { type FitOptions, fit, GaussianMixture, type PlainFitResult, resolveFitOptions } from "@emix/core";
import fc from "fast-check";
import { expect } from "vitest";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { law } from "../support/laws.ts";
import { type Scene, scenes } from "../support/scenes.ts";

type Entry = number | number[];

/** What is known of the component of each point: nothing, one, or some. Component 0 has a point of its own. */
function entriesOf({ count, components, seed }: Scene, share: number): Entry[] {
  const random = randomStream(seed, "known");
  const component = () => Math.floor(random.uniform() * components);
  return Array.from({ length: count }, () => {
    if (random.uniform() >= share) return -1;
    return random.uniform() < 0.7 ? component() : [component(), component()];
  });
}

async function fitted({ points }: Scene, pointWeights: number[], options: FitOptions): Promise<PlainFitResult> {
  const executor = inThreadExecutor(tilePoints(points, pointWeights), "simd");
  const steps = fit(executor, resolveFitOptions(options));
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

/** One step of EM whose forbidden responsibilities are 0, as plainly as can be; and the bound of the mixture before it. */
function denseStep(
  mixture: GaussianMixture,
  { points, covarianceType }: Scene,
  pointWeights: number[],
  known: Entry[],
) {
  const { components } = mixture;
  const logs = mixture.conditionalLogProb(points);
  const assignmentProbs = new Float64Array(logs.length);
  let bound = 0;
  known.forEach((entry, i) => {
    const allowed = (c: number) => entry === -1 || entry === c || (Array.isArray(entry) && entry.includes(c));
    const own = Array.from({ length: components }, (_, c) =>
      allowed(c) ? mixture.logWeights[c] + logs[i * components + c] : -Infinity,
    );
    const most = Math.max(...own);
    const density = most + Math.log(own.reduce((sum, log) => sum + Math.exp(log - most), 0));
    bound += pointWeights[i] * density;
    own.forEach((log, c) => {
      assignmentProbs[i * components + c] = Math.exp(log - density);
    });
  });
  const next = GaussianMixture.fromPointsAndAssignmentProbs(points, { assignmentProbs, pointWeights, covarianceType });
  return { next, bound: bound / pointWeights.reduce((sum, weight) => sum + weight, 0) };
}

const cases = fc.record({ scene: scenes(), share: fc.constantFrom(0.05, 0.5, 1), weighted: fc.boolean() });

law(
  "EM with known components is EM whose forbidden responsibilities are 0",
  cases,
  60,
  async ({ scene, share, weighted }) => {
    const known = entriesOf(scene, share);
    const pointWeights = known.map((_, i) => (weighted ? 0.5 + (i % 4) : 1));
    const options = {
      components: scene.components,
      initialization: scene.start,
      acceleration: "none",
      tolerance: 0,
    } as const;
    const result = await fitted(scene, pointWeights, { ...options, knownComponents: known, maxIterations: 2 });
    const first = denseStep(scene.start, scene, pointWeights, known);
    const second = denseStep(first.next, scene, pointWeights, known);
    expect(result.history[0]).toBeCloseTo(first.bound, 9);
    expect(result.history[1]).toBeCloseTo(second.bound, 9);
    expect(result.lowerBound).toBeCloseTo(denseStep(second.next, scene, pointWeights, known).bound, 9);
    const mixture = new GaussianMixture(result.mixture);
    for (const part of ["weights", "means", "covariances"] as const) {
      mixture[part].forEach((value, i) => void expect(value).toBeCloseTo(second.next[part][i], 8));
    }
  },
);

law("the bound never falls, also with longer steps", cases, 40, async ({ scene, share }) => {
  const known = entriesOf(scene, share);
  const weights = known.map(() => 1);
  const { history } = await fitted(scene, weights, {
    components: scene.components,
    initialization: scene.start,
    knownComponents: known,
    tolerance: 0,
    maxIterations: 60,
  });
  history
    .slice(1)
    .forEach((bound, i) => void expect(bound - history[i]).toBeGreaterThan(-1e-9 * Math.max(1, Math.abs(bound))));
});

law("known nothing changes no bit", scenes(), 10, async (scene) => {
  const weights = Array.from({ length: scene.count }, () => 1);
  const options = {
    components: scene.components,
    initialization: scene.start,
    emptyComponent: "keep",
    maxIterations: 5,
  } as const;
  const plain = await fitted(scene, weights, options);
  const known = await fitted(scene, weights, { ...options, knownComponents: weights.map(() => -1) });
  expect(known.mixture).toEqual(plain.mixture);
});
