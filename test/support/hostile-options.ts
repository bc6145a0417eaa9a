import { inspect } from "node:util";
import { PRIOR_OPTIONS } from "@emix/core";
import { createEngine, EmixError, type Engine, GaussianMixture } from "emix";
import { FIT_OPTIONS } from "../../packages/core/src/fit/options/rows.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { ENGINE_OPTIONS } from "../../packages/workers/src/engine/options.ts";
import { pick } from "./edits.ts";

// Calls with options that no caller would mean: each must be answered by finite numbers or by a typed error, soon.

/** A call: how it is shown in a report, and what it does. */
export interface HostileCall {
  readonly words: string;
  readonly call: (engine: Engine) => Promise<unknown>;
}

class Stranger {
  readonly secret = () => 1;
}

function cyclic(): object {
  const own: Record<string, unknown> = { length: 2 };
  own.own = own;
  return own;
}

/** Anything but what is expected. */
const VALUES: readonly (() => unknown)[] = [
  ...[0, -0, -1, 1, 2, 3, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 - 1].map(
    (value) => () => value,
  ),
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 10n, null, true, false].map(
    (value) => () => value,
  ),
  ...["", "full", "diag", "auto", "__proto__", "\u0000", "a\nb", "1", "/etc/passwd"].map((value) => () => value),
  () => () => 1,
  () => Symbol("s"),
  () => new Proxy({}, {}),
  () => new Proxy([1, 2], {}),
  () => new Stranger(),
  () => new Map([[1, 2]]),
  () => new Date(0),
  () => /x/,
  () => Promise.resolve(1),
  () => Object.create(null),
  () => ({ toString: null, valueOf: null }),
  () => ({ length: 2 ** 53 - 1 }),
  () => ({ length: 2, 0: 1, 1: 2 }),
  cyclic,
  () => [],
  () => [[]],
  () => [1, 2],
  () => [
    [1, 0.2],
    [0.2, 1],
  ],
  () => [Number.NaN, 1],
  () => [1, () => 1],
  () => [1, Symbol("s")],
  () => new Float64Array(2),
  () => Float64Array.of(1, 1e308),
  () => new BigInt64Array(2),
  () => new DataView(new ArrayBuffer(8)),
  () => new ArrayBuffer(8),
  () => ({ absolute: 1e-3 }),
  () => ({ absolute: () => 1 }),
  () => mixture,
];

const points = Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const mixture = GaussianMixture.fromParameters({
  weights: [0.5, 0.5],
  means: [0, 0, 1, 1],
  covariances: [1, 0, 0, 1, 1, 0, 0, 1],
});

type Options = Record<string, unknown>;
type Method = (engine: Engine, points: never, options: never) => unknown;

/** Methods, with options they take and names that might stand beside them. */
const METHODS: Readonly<Record<string, { call: Method; base: Options; names: readonly string[] }>> = {
  fit: {
    call: (engine, given, options) => engine.fit(given, options),
    base: { components: 2, maxIterations: 3 },
    names: [...Object.keys(FIT_OPTIONS), "pointWeights", "missing", "onStep", "priority"],
  },
  prior: {
    call: (engine, given, prior) => engine.fit(given, { components: 2, maxIterations: 3, prior }),
    base: {},
    names: Object.keys(PRIOR_OPTIONS),
  },
  load: {
    call: (engine, given, options) => engine.load(given, options),
    base: {},
    names: ["pointWeights", "missing", "features"],
  },
  receive: {
    call: (engine, _, options) => engine.receive(options),
    base: { features: 2 },
    names: ["features", "dtype", "rows"],
  },
  evaluate: {
    call: (engine, given, options) => engine.evaluate(given, options),
    base: { mixture, labels: true },
    names: ["mixture", "missing", "labels", "probabilities", "logDensities"],
  },
  score: {
    call: (engine, given, options) => engine.score(given, options),
    base: { mixture },
    names: ["mixture", "missing", "pointWeights"],
  },
  initialize: {
    call: (engine, given, options) => engine.initialize(given, options),
    base: { components: 2 },
    names: ["components", "attempts", "seed", "covarianceType", "regularization"],
  },
  fitModelEm: {
    call: (engine, given, options) => engine.fitModelEm(given, options),
    base: { mixture, steps: 1 },
    names: ["mixture", "regularization", "verbose"],
  },
  sample: {
    call: (engine, _, options) => engine.sample(options),
    base: { mixture, count: 3 },
    names: ["mixture", "seed"],
  },
  getQ: {
    call: (engine, given, options) => engine.getQ(given, options),
    base: { mixture, assignmentProbs: new Float64Array(60).fill(0.5) },
    names: ["mixture", "assignmentProbs", "pointWeights"],
  },
  plan: {
    call: (engine, _, options) => engine.plan({ points: 1000, features: 2 }, options),
    base: { components: 2 },
    names: Object.keys(FIT_OPTIONS),
  },
  createEngine: {
    call: async (_engine, _points, options) => {
      await using own = await createEngine(options);
      return own.threads;
    },
    base: { threads: 1, offThread: false },
    names: Object.keys(ENGINE_OPTIONS).filter((name) => name !== "threads"),
  },
  fromParameters: {
    call: (_engine, _points, options) => GaussianMixture.fromParameters(options),
    base: { weights: [0.5, 0.5], means: [0, 1], covariances: [1, 2], covarianceType: "spherical" },
    names: ["weights", "means", "covariances", "covarianceType"],
  },
};

/** Call number `index` of a seed. */
export function hostileCall(seed: string | number, index: number): HostileCall {
  const random = randomStream(seed, "options", index);
  const [name, { call, base, names }] = pick(random, Object.entries(METHODS));
  const options: Options = { ...base };
  for (let left = 1 + Math.floor(random.uniform() * 3); left > 0; left--)
    options[pick(random, names)] = valueFrom(random);
  const given = random.uniform() < 0.1 ? valueFrom(random) : points;
  const whole = random.uniform() < 0.05 ? valueFrom(random) : options;
  const shown = (value: unknown) => inspect(value, { depth: 2, breakLength: Number.POSITIVE_INFINITY });
  return {
    words: `${name}(${given === points ? "points" : shown(given)}, ${shown(whole)})`,
    call: async (engine) => call(engine, given as never, whole as never),
  };
}

function valueFrom(random: Random): unknown {
  return pick(random, VALUES)();
}

/**
 * How a call ended: "answer", or the code of the error.
 * @throws where it ended in anything else, or in numbers that are not finite
 */
export async function callOutcome(engine: Engine, { call }: HostileCall): Promise<string> {
  try {
    requireSound(await call(engine));
    return "answer";
  } catch (error) {
    if (!(error instanceof EmixError) || error.code === "INTERNAL" || error.message.includes("\n")) throw error;
    return error.code;
  }
}

function requireSound(answer: unknown): void {
  const model = answer instanceof GaussianMixture ? answer : (answer as { mixture?: unknown } | undefined)?.mixture;
  if (!(model instanceof GaussianMixture)) {
    if (typeof answer === "number" && !Number.isFinite(answer)) throw new Error(`${answer}`);
    return;
  }
  const { weights, means, covariances, features } = model;
  for (const values of [weights, means, covariances, model.logProb([new Array(features).fill(0)])]) {
    const wrong = values.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw new Error(`a model with ${wrong}`);
  }
}
