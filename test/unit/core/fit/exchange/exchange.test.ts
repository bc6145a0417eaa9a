import { GaussianMixture, randomStream } from "@emix/core";
import { describe, expect, test } from "vitest";
import { exchangeComponents } from "../../../../../packages/core/src/fit/exchange/exchange.ts";
import { membershipsOf } from "../../../../../packages/core/src/fit/exchange/members.ts";
import { settle } from "../../../../../packages/core/src/fit/exchange/settle.ts";
import { splitOf } from "../../../../../packages/core/src/fit/exchange/split.ts";
import { fromLabels } from "../../../../../packages/core/src/fit/initialization/start.ts";
import { plainRules } from "../../../../../packages/core/src/step/rules.ts";
import { COVARIANCE_TYPES } from "../../../../support/scenes.ts";
import { executorsBy } from "../../../../support/steps.ts";

const executorOf = executorsBy("simd");

/** Groups of 100 points of standard deviation 1 about centres on a line, far apart. */
function groups(centres: readonly number[]): number[][] {
  const random = randomStream(5, "groups");
  return centres.flatMap((centre) => Array.from({ length: 100 }, () => [centre + random.normal(), random.normal()]));
}

/** Components of variance 1 but for the one about two groups. */
function mixtureAt(means: readonly number[], variances: readonly number[]): GaussianMixture {
  return GaussianMixture.fromParameters({
    weights: means.map(() => 1 / means.length),
    means: means.map((mean) => [mean, 0]),
    covariances: variances.map((variance) => [
      [variance, 0],
      [0, 1],
    ]),
  });
}

const SETTINGS = { roundsOfComponents: 0.5, tries: 2, split: { points: 200, steps: 8 }, steps: 1000 };
const executor = executorOf(groups([0, 40, 80]));
const rules = plainRules(2);
const context = { executor, rules, scales: Float64Array.of(1 / 33, 1), weight: 1 };
/** One group has two components, two groups have one. */
const stuck = mixtureAt([-0.5, 0.5, 60], [1, 1, 400]).parameters;

describe("memberships", () => {
  test("are responsibilities, added up", async () => {
    const points = groups([0, 3]);
    const mixture = mixtureAt([0, 3], [1, 1]);
    const { members, masses, losses } = await membershipsOf(
      executorOf(points),
      mixture.parameters,
      1000,
      randomStream(1, "members"),
    );
    const shares = mixture.predictProba(points);
    const of = (c: number) => points.map((_, i) => shares[2 * i + c]);
    for (const c of [0, 1]) {
      const own = of(c);
      expect(masses[c]).toBeCloseTo(
        own.reduce((sum, r) => sum + r, 0),
        8,
      );
      expect(losses[c] / -own.reduce((sum, r) => sum + Math.log(1 - r), 0)).toBeCloseTo(1, 6);
      expect(members[c].points).toEqual([...own.keys()].filter((i) => own[i] > 0.01));
      members[c].points.forEach((point, i) => void expect(members[c].masses[i]).toBeCloseTo(own[point], 10));
    }
  });

  test("draw members of a large component, each as likely as any other", async () => {
    const points = groups([0]);
    const mixture = mixtureAt([0], [1]).parameters;
    const drawn = new Array<number>(points.length).fill(0);
    for (let seed = 0; seed < 400; seed++) {
      const { members } = await membershipsOf(executorOf(points), mixture, 20, randomStream(seed, "members"));
      expect(new Set(members[0].points).size).toBe(20);
      for (const point of members[0].points) drawn[point]++;
    }
    const mean = (400 * 20) / points.length;
    for (const count of drawn) expect(Math.abs(count - mean)).toBeLessThan(6 * Math.sqrt(mean));
  });

  test("count the weights of points", async () => {
    const points = groups([0, 3]);
    const mixture = mixtureAt([0, 3], [1, 1]).parameters;
    const one = await membershipsOf(executorOf(points), mixture, 9, randomStream(1, "members"));
    const double = await membershipsOf(
      executorOf(
        points,
        points.map(() => 2),
      ),
      mixture,
      9,
      randomStream(1, "members"),
    );
    expect(double.masses).toEqual(one.masses.map((mass) => 2 * mass));
    expect(double.losses).toEqual(one.losses.map((loss) => 2 * loss));
  });
});

describe("a split", () => {
  test("finds two groups in one component, and what that gains", async () => {
    const { members, masses } = await membershipsOf(executor, stuck, 200, randomStream(1, "members"));
    const own = { members: members[2], mass: masses[2] };
    const split = await splitOf(
      context,
      { mixture: stuck, component: 2, ...own },
      SETTINGS.split,
      randomStream(1, "split"),
    );
    const means = [split?.halves.means[0], split?.halves.means[2]].sort((a, b) => Number(a) - Number(b));
    expect(means[0]).toBeCloseTo(40, 0);
    expect(means[1]).toBeCloseTo(80, 0);
    // Each of 200 points gains log(20) for the variance, less log(2) for the choice, about.
    expect(split?.gain).toBeGreaterThan(400);
    expect(split?.gain).toBeLessThan(550);
  });

  test("of a component with few points is not tried", async () => {
    const own = { members: { points: [1, 2, 3], masses: [1, 1, 1] }, mass: 3 };
    expect(
      await splitOf(context, { mixture: stuck, component: 0, ...own }, SETTINGS.split, randomStream(1, "split")),
    ).toBeNull();
  });

  test("of equal points finds nothing", async () => {
    const same = executorOf(Array.from({ length: 50 }, () => [1, 2]));
    const mixture = mixtureAt([1], [1]).parameters;
    const own = { members: { points: [...Array(50).keys()], masses: Array(50).fill(1) }, mass: 50 };
    const found = splitOf(
      { ...context, executor: same },
      { mixture, component: 0, ...own },
      SETTINGS.split,
      randomStream(1, "split"),
    );
    expect(await found).toBeNull();
  });
});

describe("exchange of components", () => {
  test("gives every group a component", async () => {
    const start = await settle(executor, stuck, rules, 5);
    const { mixture, lowerBound } = await exchangeComponents(context, start, SETTINGS, randomStream(1, "exchange"));
    const means = [0, 1, 2].map((c) => mixture.means[2 * c]).sort((a, b) => a - b);
    means.forEach((mean, i) => void expect(Math.abs(mean - 40 * i)).toBeLessThan(0.5));
    expect(mixture.weights.every((weight) => Math.abs(weight - 1 / 3) < 1e-3)).toBe(true);
    expect(lowerBound).toBeGreaterThan(start.lowerBound + 1);
  });

  test("leaves a mixture alone that has nothing to gain", async () => {
    const start = await settle(executor, mixtureAt([0, 40, 80], [1, 1, 1]).parameters, rules, 5);
    expect(await exchangeComponents(context, start, SETTINGS, randomStream(1, "exchange"))).toBe(start);
  });

  test("no round begins once the steps are used up", async () => {
    const start = await settle(executor, stuck, rules, 5);
    expect(await exchangeComponents(context, start, { ...SETTINGS, steps: 5 }, randomStream(1, "exchange"))).toBe(
      start,
    );
  });

  test("some steps end where no more are wanted", async () => {
    const goOn = ({ iteration }: { readonly iteration: number }) => iteration < 3;
    const { mixture, iteration } = await settle(executor, stuck, { ...rules, goOn }, 5);
    expect(iteration).toBe(3);
    expect(mixture).toEqual((await settle(executor, stuck, rules, 3)).mixture);
  });

  test("a single component has no other to exchange", async () => {
    const start = await settle(executor, mixtureAt([40], [900]).parameters, rules, 2);
    expect(await exchangeComponents(context, start, SETTINGS, randomStream(1, "exchange"))).toBe(start);
  });

  test.each(COVARIANCE_TYPES)("works for every type of covariance: %s", async (covarianceType) => {
    const points = groups([0, 40, 80]);
    const on = executorOf(points);
    const labels = Int32Array.from({ length: on.tiles.data.byteLength / 16 }, (_, i) => (i < 100 ? i % 2 : 2));
    const centres = Float64Array.of(0, 0, 0, 0, 60, 0);
    const { mixture } = await fromLabels(on, labels, { centres, covarianceType }, rules);
    const start = await settle(on, mixture, rules, 5);
    const end = await exchangeComponents({ ...context, executor: on }, start, SETTINGS, randomStream(1, "exchange"));
    const means = [0, 1, 2].map((c) => end.mixture.means[2 * c]).sort((a, b) => a - b);
    means.forEach((mean, i) => void expect(Math.abs(mean - 40 * i)).toBeLessThan(0.5));
  });
});
