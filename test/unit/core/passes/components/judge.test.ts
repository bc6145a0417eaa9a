import type { CovarianceType, Executor } from "@emix/core";
import { describe, expect, test } from "vitest";
import { judge, type Question } from "../../../../../packages/core/src/components/judgement.ts";
import { resolutionOf } from "../../../../../packages/core/src/components/resolution/resolution.ts";
import type { OldMixture } from "../../../../../packages/core/src/components/shrinking.ts";
import { noRegularization } from "../../../../../packages/core/src/covariance/regularization.ts";
import { covarianceRow } from "../../../../../packages/core/src/covariance/types.ts";
import { triangleLength, triangleRow } from "../../../../../packages/core/src/linear-algebra/triangle.ts";
import { judgeComponents } from "../../../../../packages/core/src/passes/components/judge.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { noStatistics, statisticsLayout } from "../../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { expectRejection } from "../../../../support/failures.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";

interface Shape {
  readonly components: number;
  readonly features: number;
  readonly covarianceType: CovarianceType;
}

/** Many threads, and points enough. */
function executorWith(count: number, changes: Partial<Executor> = {}): Executor {
  const data = Float64Array.from({ length: count }, (_, i) => i);
  return { ...inThreadExecutor(tilePoints({ data, features: 1 })), threads: 2, ...changes };
}

/** Sums of components that moved little, of all kinds: every seventh has no mass, every fifth no width, every third a frame. */
function question({ components, features, covarianceType }: Shape): Question {
  const random = randomStream(components, `${features}`);
  const layout = statisticsLayout(components, features, covarianceType);
  const { matrix } = covarianceRow(covarianceType);
  const frames = { framed: new Int8Array(components), factors: new Float64Array(layout.length - layout.scatter) };
  const pivots = Float64Array.from({ length: components * features }, () => random.normal());
  const statistics = noStatistics(layout, { pivots, frames });
  const { sums } = statistics;
  const length = matrix === "triangle" ? triangleLength(features) : features;
  const diagonal = (j: number) => (matrix === "triangle" ? triangleRow(j) + j : j);
  sums[1] = 10 * components;
  for (let c = 0; c < components; c++) {
    const mass = c % 7 === 3 ? 0 : 5 + random.uniform();
    sums[layout.responsibilitySums + c] = mass;
    frames.framed[c] = matrix === "triangle" && c % 3 === 1 ? 1 : 0;
    for (let j = 0; j < features; j++) {
      sums[layout.weightedSums + c * features + j] = mass * (c % 11 === 5 ? 8 : 0.1) * random.normal();
      const at = c * length + diagonal(j);
      sums[layout.scatter + at] = mass * (c % 5 === 2 && j > 3 ? 0 : 64.5 + random.uniform());
      frames.factors[at] = 1 + random.uniform();
    }
    for (let i = 0; i < statistics.errors.length; i += 3) statistics.errors[i] = sums[i] * 2 ** -55;
  }
  const old = {
    weights: new Float64Array(components).fill(1 / components),
    packedCovariances: sums.slice(layout.scatter),
    factors: frames.factors,
  };
  return { statistics, belief: null, regularization: noRegularization(features), old, open: true, resolution: null };
}

const full = { components: 80, features: 16, covarianceType: "full" } as const;

describe("judged on all threads, components are judged as they are here", () => {
  test.each<[string, Shape]>([
    ["triangles", full],
    ["variances, more than are judged at a time", { components: 1700, features: 64, covarianceType: "diag" }],
    ["many of few features", { components: 5000, features: 2, covarianceType: "spherical" }],
    ["few directions in many features", { components: 8, features: 66, covarianceType: "full" }],
  ])("%s", async (_, shape) => {
    let passes = 0;
    const executor = executorWith(1700 * 64);
    const counting: Executor = {
      ...executor,
      run: (pass, consume) => {
        passes++;
        return executor.run(pass, consume);
      },
    };
    const asked = question(shape);
    expect(await judgeComponents(counting, asked, null)).toEqual(judge(asked));
    expect(passes).toBe(shape.components === 1700 ? 2 : 1);
  });

  test.each([true, false])("with a prior, floors and no looks left, %s", async (asksPoints) => {
    const { features } = full;
    const ones = new Float64Array(features).fill(1);
    const covariance = new Float64Array(triangleLength(features));
    for (let j = 0; j < features; j++) covariance[triangleRow(j) + j] = 1;
    const conjugate = {
      ...{ weightConcentration: 1, meanPrecision: 0.5, degreesOfFreedom: 20, means: ones, meansResidual: ones },
      ...{ scatter: { covariance, factor: covariance }, ridges: new Float64Array(features) },
    };
    const belief = { conjugate, counts: { points: 22, scatters: 1 }, asksPoints };
    const regularization = { floors: ones, ridges: new Float64Array(features) };
    const given = question(full);
    const { weights, packedCovariances, factors } = given.old as OldMixture;
    const wide = { packedCovariances: packedCovariances.map((v) => 1e8 * v), factors: factors.map((w) => 1e-4 * w) };
    const asked = { ...given, belief, regularization, old: { weights, ...wide } };
    const executor = executorWith(full.components * features);
    const resolution = resolutionOf("f64", features);
    const here = judge({ ...asked, resolution });
    expect(here.data.factors.length).toBe(asksPoints ? here.blended.factors.length : 0);
    expect(here.doubtful.length).toBeGreaterThan(0);
    expect(here.limited?.floored.length).toBeGreaterThan(0);
    expect(await judgeComponents(executor, asked, resolution)).toEqual(here);
    const last = { ...asked, old: null, open: false };
    expect(await judgeComponents(executor, last, resolution)).toEqual({ ...here, doubtful: [] });
  });

  test("what does not fit into doubles is refused", async () => {
    const asked = question(full);
    asked.statistics.sums[asked.statistics.layout.scatter + 7] = Number.POSITIVE_INFINITY;
    await expectRejection(judgeComponents(executorWith(full.components * full.features), asked, null), "OVERFLOW");
  });
});

describe("components are judged here", () => {
  const unused = () => {
    throw new Error("A pass was run.");
  };
  test.each<[string, Shape, number, Partial<Executor>]>([
    ["by one thread", full, 1280, { threads: 1 }],
    ["if they are few", { ...full, components: 56 }, 1280, {}],
    ["if they share a covariance", { ...full, covarianceType: "tied" }, 1280, {}],
    ["if points are so few that they span few directions", full, 1279, {}],
  ])("%s", async (_, shape, count, changes) => {
    const asked = question(shape);
    const resolution = resolutionOf("f64", shape.features);
    const executor = executorWith(count, { ...changes, run: unused });
    expect(await judgeComponents(executor, asked, resolution)).toEqual(judge({ ...asked, resolution }));
  });
});
