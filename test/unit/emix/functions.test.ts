import {
  EmixError,
  type EmStep,
  fitModelEm,
  fromKmeansPlusPlus,
  GaussianMixture,
  getAssignmentProbs,
  getQ,
  initialize,
  logProbLoss,
} from "emix";
import { describe, expect, test } from "vitest";
import { error } from "../../support/compare.ts";
import { ottEmCases } from "../../support/ott-em.ts";

// The functions named after OTT-JAX's, against OTT-JAX, through the published door; then the deliberate departures of it.

describe.each(ottEmCases())("OTT-JAX, $name", ({ points, pointWeights, init, nSteps, expected }) => {
  const start = GaussianMixture.fromParameters(init);
  const weights = pointWeights === null ? {} : { pointWeights };

  test("getAssignmentProbs, getQ and logProbLoss of the start", async () => {
    const assignmentProbs = await getAssignmentProbs(points, { mixture: start });
    const q = await getQ(points, { mixture: start, assignmentProbs, ...weights });
    const loss = await logProbLoss(points, { mixture: start, ...weights });
    expect(error(assignmentProbs, expected.initial.assignmentProbs)).toBeLessThan(1e-12);
    expect(error(q, expected.initial.q)).toBeLessThan(1e-12);
    expect(error(loss, expected.initial.logProbLoss)).toBeLessThan(1e-12);
  });

  test("fitModelEm takes exactly its steps", async () => {
    const fitted = await fitModelEm(points, { mixture: start, ...weights, steps: nSteps });
    const last = expected.iterates[String(nSteps)];
    expect(error(fitted.means, last.means)).toBeLessThan(1e-12);
    expect(error(fitted.covariances, last.covariances)).toBeLessThan(1e-12);
    expect(error(fitted.weights, last.weights)).toBeLessThan(1e-12);
    expect(await logProbLoss(points, { mixture: fitted, ...weights })).toBeCloseTo(
      expected.steps[nSteps - 1].logProbLoss,
      12,
    );
  });
});

describe("verbose", () => {
  /** What a piece of work writes to standard error, which is this process's own. */
  async function writtenBy(work: () => Promise<unknown>): Promise<string> {
    const { write } = process.stderr;
    let text = "";
    process.stderr.write = (chunk: string | Uint8Array) => {
      text += chunk;
      return true;
    };
    try {
      await work();
    } finally {
      process.stderr.write = write;
    }
    return text;
  }

  test.each(ottEmCases().filter(({ nSteps }) => nSteps <= 12))(
    "prints Q and the loss of every step: $name",
    async (given) => {
      const { points, pointWeights, nSteps, expected } = given;
      const mixture = GaussianMixture.fromParameters(given.init);
      const options = { mixture, steps: nSteps, ...(pointWeights && { pointWeights }) };
      const heard: (number | undefined)[][] = [];
      const onStep = ({ iteration, q, loss }: EmStep) => heard.push([iteration, q, loss]);
      const lines = (await writtenBy(() => fitModelEm(points, { ...options, verbose: true, onStep })))
        .trim()
        .split("\n");
      const printed = lines.map((line) => /^step (\d+): q (\S+), loss (\S+)$/.exec(line)?.slice(1).map(Number));
      expect(printed).toEqual(heard);
      expect(
        error(
          printed.map((step) => step?.[1] ?? Number.NaN),
          expected.steps.map(({ q }) => q),
        ),
      ).toBeLessThan(1e-12);
      const losses = expected.steps.map(({ logProbLoss }) => logProbLoss);
      expect(
        error(
          printed.map((step) => step?.[2] ?? Number.NaN),
          losses,
        ),
      ).toBeLessThan(1e-12);
      expect(await writtenBy(() => fitModelEm(points, options))).toBe("");
    },
  );

  test("initialize says that it is done", async () => {
    const points = [[0], [1], [2], [10], [11], [12]];
    expect(await writtenBy(() => initialize(points, { components: 2, verbose: true }))).toBe(
      "initialized 2 components\n",
    );
  });
});

const square = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [9, 9],
  [9, 8],
  [8, 9],
  [8, 8],
];

describe("where emix departs from OTT-JAX", () => {
  test("initialize draws again when a component collapses, and says how often it tried", async () => {
    // Seven seeds of eight start a component on the lone point and collapse; OTT-JAX returns NaN there.
    const points = [...square, [100, 100]];
    await expect(initialize(points, { components: 3, seed: 1, attempts: 4 })).rejects.toMatchObject({
      code: "INITIALIZATION_FAILED",
      details: { attempts: 4, cause: { code: "COLLAPSED_COMPONENT" } },
    });
    const mixture = await initialize(points, { components: 2, seed: 5, attempts: 50 });
    expect(mixture.covariances.every(Number.isFinite)).toBe(true);
  });

  test("one try that collapses is an error, never a mixture of NaN", async () => {
    const points = [...square, [100, 100]];
    await expect(fromKmeansPlusPlus(points, { components: 3, seed: 1 })).rejects.toBeInstanceOf(EmixError);
  });

  test("centres are drawn with the point weights: a point of weight 0 is never one", async () => {
    const points = [...square, [1000, 1000], [1001, 1000], [1000, 1001]];
    const pointWeights = points.map((_, i) => (i < square.length ? 1 : 0));
    for (let seed = 0; seed < 20; seed++) {
      const { means } = await initialize(points, { pointWeights, components: 2, seed });
      expect(Math.max(...means)).toBeLessThan(10);
    }
  });

  test("a point as near to two centres goes to one of them", async () => {
    const points = [[-2], [-1], [0], [1], [2]];
    for (let seed = 0; seed < 20; seed++) {
      const { weights } = await initialize(points, { components: 2, seed });
      expect(weights[0] * 5).toBeCloseTo(Math.round(weights[0] * 5), 12);
    }
  });

  test("a weight of exactly 0 does not poison the other components", async () => {
    const parameters = {
      means: [
        [0.5, 0.5],
        [8.5, 8.5],
      ],
      covariances: [
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ],
    };
    for (const weights of [
      [1, 0],
      [0, 1],
    ]) {
      const mixture = GaussianMixture.fromParameters({ weights, ...parameters });
      const probabilities = await getAssignmentProbs(square, { mixture });
      expect([...probabilities]).toEqual(square.flatMap(() => weights));
      const fitted = await fitModelEm(square, { mixture, steps: 3 });
      expect([...fitted.weights]).toEqual(weights);
      expect(fitted.covariances.every(Number.isFinite)).toBe(true);
      const q = await getQ(square, { mixture, assignmentProbs: probabilities });
      expect(Number.isFinite(q)).toBe(true);
    }
  });

  test.each([
    ["more components than points", { points: square, components: 9 }, "TOO_MANY_COMPONENTS"],
    ["a coordinate that is not a number", { points: [[0], [Number.NaN], [1]], components: 1 }, "NON_FINITE_POINT"],
    ["a negative weight", { points: square, components: 1, pointWeights: [1, 1, 1, -1, 1, 1, 1, 1] }, "INVALID_WEIGHT"],
    ["no weight at all", { points: square, components: 1, pointWeights: new Array(8).fill(0) }, "ZERO_TOTAL_WEIGHT"],
    ["too few weights", { points: square, components: 1, pointWeights: [1] }, "INVALID_WEIGHT"],
    ["no points", { points: [], components: 1 }, "EMPTY_DATA"],
    ["ragged rows", { points: [[1, 2], [3]], components: 1 }, "INVALID_POINTS"],
    ["equal points", { points: [[1], [1], [1]], components: 2 }, "INITIALIZATION_FAILED"],
    ["half a component", { points: square, components: 1.5 }, "INVALID_OPTION"],
  ])("%s: a typed error", async (_what, { points, ...options }, code) => {
    await expect(initialize(points, options)).rejects.toMatchObject({ name: "EmixError", code });
  });
});
