import { type FitOptions, GaussianMixture, type PriorOptions } from "@emix/core";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { fromResponsibilities } from "../../packages/core/src/fit/initialization/from-responsibilities.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { runBayes } from "../support/bayes.ts";
import { error, scaledError } from "../support/compare.ts";
import { law } from "../support/laws.ts";
import { logPrior, type PlainPrior } from "../support/log-prior.ts";
import { COVARIANCE_TYPES, covarianceMatrix, reordered, type Scene, scenes } from "../support/scenes.ts";

const ROUNDING = 1e-11;

/** The ways to use a prior. */
const WAYS = ["em", "distribution", "process"] as const;
type Way = (typeof WAYS)[number];

function optionsOf(way: Way, { components, covarianceType }: Scene, prior: PriorOptions = {}): FitOptions {
  const shared = { components, covarianceType, tolerance: 0, maxIterations: 12, regularization: 0 };
  if (way === "em") return { ...shared, acceleration: "none", prior };
  return { ...shared, inference: "variational", prior: { ...prior, weightConcentrationType: way } };
}

function run(way: Way, scene: Scene, given: Partial<Parameters<typeof runBayes>[0]> = {}, prior?: PriorOptions) {
  const labels = [...scene.start.predict(scene.points)];
  return runBayes({ points: scene.points, labels, options: optionsOf(way, scene, prior), ...given });
}

/** A prior that has its say: worth some ten points. */
function drawnPrior(scene: Scene): PlainPrior {
  const { features, covarianceType, seed } = scene;
  const random = randomStream(seed, "prior");
  const covariance = {
    triangle: () => covarianceMatrix(features, random),
    diagonal: () => Array.from({ length: features }, () => 0.1 + 3 * random.uniform()),
    scalar: () => [0.1 + 3 * random.uniform()],
  }[covarianceRow(covarianceType).matrix]();
  return {
    weightConcentration: 1 + 5 * random.uniform(),
    meanPrecision: 10 ** (2 * random.uniform() - 1),
    mean: Array.from({ length: features }, () => 3 * random.normal()),
    degreesOfFreedom: features - 0.9 + 10 * random.uniform(),
    covariance,
  };
}

function expectClimbing(bounds: readonly number[]): void {
  for (let i = 1; i < bounds.length; i++) {
    expect(bounds[i]).toBeGreaterThanOrEqual(bounds[i - 1] - 1e-12 * Math.max(1, Math.abs(bounds[i - 1])));
  }
}

describe.each(COVARIANCE_TYPES)("priors, %s covariances", (type) => {
  const types = [type];
  const cases = fc.tuple(fc.constantFrom(...WAYS), scenes({ types, count: 60 }));

  law("what an iteration climbs never falls", cases, 60, async ([way, scene]) => {
    const random = randomStream(scene.seed, "weights");
    const pointWeights = Array.from({ length: scene.count }, () => 2 * random.uniform());
    const prior = random.uniform() < 0.5 ? drawnPrior(scene) : {};
    const { lowerBounds } = await run(way, scene, { pointWeights }, prior);
    expectClimbing(lowerBounds);
  });

  law(
    "nor under a floor, whether it binds or not",
    fc.tuple(cases, fc.constantFrom(1e-12, 0.1, 1)),
    40,
    async ([[way, scene], regularization]) => {
      const { lowerBounds } = await run(way, scene, { options: { ...optionsOf(way, scene), regularization } });
      // The start is inside the constraint; from there on nothing is lost.
      expectClimbing(lowerBounds.slice(1));
    },
  );

  law("the M-step is the mode of the posterior", scenes({ types, count: 40 }), 60, async (scene) => {
    const { points, components, count, seed } = scene;
    const prior = drawnPrior(scene);
    const random = randomStream(seed, "perturbation");
    const pointWeights = Array.from({ length: count }, () => 2 * random.uniform());
    const tiles = tilePoints(points, pointWeights);
    const responsibilities = scene.start.predictProba(points);
    const resolved = await run("em", scene, {}, prior);
    const best = new GaussianMixture(
      fromResponsibilities(tiles, { flat: responsibilities, components }, type, resolved.rules),
    );
    const value = (mixture: GaussianMixture) => {
      const logs = mixture.conditionalLogProb(points);
      const { logWeights } = mixture;
      let sum = logPrior(mixture, prior);
      logs.forEach((log, i) => {
        const weight = pointWeights[Math.floor(i / components)] * responsibilities[i];
        sum += weight * (log + logWeights[i % components]);
      });
      return sum;
    };
    const most = value(best);
    for (let trial = 0; trial < 8; trial++) {
      const size = 10 ** (-1 - trial / 2);
      expect(value(perturbed(best, size, random))).toBeLessThan(most + 1e-12 * Math.abs(most));
    }
  });

  law("many points outweigh a prior", scenes({ types, count: 40 }), 20, async (scene) => {
    const pointWeights = new Array<number>(scene.count).fill(1e9);
    const acceleration = "none";
    const likeliest = await run("em", scene, { pointWeights, options: plainOptions(scene) });
    for (const way of WAYS) {
      const { mixture } = await run(way, scene, { pointWeights, options: { ...optionsOf(way, scene), acceleration } });
      expect(error(mixture.weights, likeliest.mixture.weights)).toBeLessThan(1e-5);
      expect(error(mixture.means, likeliest.mixture.means)).toBeLessThan(1e-5);
      expect(scaledError(mixture.covariances, likeliest.mixture.covariances)).toBeLessThan(1e-5);
    }
  });

  law("a weight of 2 is the row twice, one of 0 no row", cases, 30, async ([way, scene]) => {
    const random = randomStream(scene.seed, "weights");
    const pointWeights = Array.from({ length: scene.count }, () => Math.floor(3 * random.uniform()));
    const copies = pointWeights.flatMap((weight, row) => new Array<number>(weight).fill(row));
    const points = reordered(scene.points, copies);
    const labels = [...scene.start.predict(points)];
    const [a, b] = [await run(way, scene, { pointWeights }), await run(way, scene, { points, labels })];
    expect(error(a.mixture.weights, b.mixture.weights)).toBeLessThan(ROUNDING);
    expect(error(a.mixture.means, b.mixture.means)).toBeLessThan(ROUNDING);
    expect(scaledError(a.mixture.covariances, b.mixture.covariances)).toBeLessThan(ROUNDING);
    expect(error(a.lowerBounds, b.lowerBounds)).toBeLessThan(ROUNDING);
  });

  law(
    "scaling features by powers of two changes no bit of a responsibility",
    fc.tuple(cases, fc.constantFrom([40, 40, 40, 40], [-200, 7, 90, 1], [-498, -498, -498, -498])),
    20,
    async ([[way, scene], given]) => {
      const { features } = scene;
      const exponents = covarianceRow(type).matrix === "scalar" ? given.map(() => given[0]) : given;
      const data = scene.points.data.map((x, i) => x * 2 ** exponents[i % features]);
      const labels = [...scene.start.predict(scene.points)];
      const [a, b] = [await run(way, scene), await run(way, scene, { points: { data, features }, labels })];
      expect(b.mixture.weights).toEqual(a.mixture.weights);
      expect(b.mixture.means).toEqual(a.mixture.means.map((mean, i) => mean * 2 ** exponents[i % features]));
      expect(b.mixture.predictProba({ data, features })).toEqual(a.mixture.predictProba(scene.points));
    },
  );

  law("an exact translation moves the means and nothing else", cases, 20, async ([way, scene]) => {
    const { features } = scene;
    const onGrid = scene.points.data.map((x) => Math.round(x * 1024) / 1024);
    const labels = [...scene.start.predict(scene.points)];
    const a = await run(way, scene, { points: { data: onGrid, features }, labels });
    const far = { data: onGrid.map((x) => x + 2 ** 30), features };
    const b = await run(way, scene, { points: far, labels });
    const { means, meansResidual, covariances } = b.mixture;
    const back = means.map((mean, i) => mean - 2 ** 30 + meansResidual[i]);
    const own = a.mixture.means.map((mean, i) => mean + a.mixture.meansResidual[i]);
    expect(error(back, own)).toBeLessThan(ROUNDING);
    expect(scaledError(covariances, a.mixture.covariances)).toBeLessThan(ROUNDING);
    expect(error(b.lowerBounds, a.lowerBounds)).toBeLessThan(ROUNDING);
  });

  law("a mixture with its posterior survives JSON, bit for bit", cases, 20, async ([way, scene]) => {
    const { mixture } = await run(way, scene);
    const again = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(mixture)));
    expect(again.parameters.posterior).toEqual(mixture.parameters.posterior);
    expect(again.predictProba(scene.points)).toEqual(mixture.predictProba(scene.points));
  });
});

function plainOptions({ components, covarianceType }: Scene): FitOptions {
  return { components, covarianceType, acceleration: "none", tolerance: 0, maxIterations: 12, regularization: 0 };
}

/** Weights, means and covariances a little off. */
function perturbed(mixture: GaussianMixture, size: number, random: Random): GaussianMixture {
  const { features, covarianceType } = mixture;
  const raw = mixture.weights.map((weight) => weight * Math.exp(size * random.normal()));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const stretches = Array.from({ length: features }, () => Math.exp(size * random.normal()));
  const square = covarianceRow(covarianceType).matrix === "triangle";
  const stretch = (i: number) => {
    const [row, column] = [Math.floor(i / features) % features, i % features];
    return square ? stretches[row] * stretches[column] : Math.exp(size * random.normal());
  };
  return GaussianMixture.fromParameters({
    weights: raw.map((weight) => weight / total),
    means: mixture.means.map((mean) => mean + size * random.normal()),
    covariances: mixture.covariances.map((value, i) => value * stretch(i)),
    covarianceType,
  });
}
