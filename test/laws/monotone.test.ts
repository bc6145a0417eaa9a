import { EmixError, type FitOptions, type FlatPoints, fit, type PlainFitResult, resolveFitOptions } from "@emix/core";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { law } from "../support/laws.ts";
import { COVARIANCE_TYPES } from "../support/scenes.ts";

// Whole fits as users ask for them. Many collapse in part: no floor, second look or repair may cost a step its gain.

const SHAPES = ["groups", "noise", "rounded", "collinear", "heavy tails", "nearly collinear"] as const;
const OFFSETS = [0, 0, 0, 1e4, 1e8, 1e12];

interface Clouds {
  readonly points: FlatPoints;
  readonly pointWeights: number[] | undefined;
}

function cloudsOf(seed: number, shape: (typeof SHAPES)[number], components: number, features: number): Clouds {
  const random = randomStream(seed, "monotone");
  const pick = <T>(values: readonly T[]) => values[Math.floor(random.uniform() * values.length)];
  const count = Math.max(3 * components, 10) + Math.floor(90 * random.uniform());
  const [offset, scale] = [pick(OFFSETS), pick([1, 1, 1e-5, 1e5])];
  const centres = Array.from({ length: components * features }, () => 4 * random.normal());
  const rows = Array.from({ length: count }, () => rowOf(random, shape, centres, features));
  const data = Float64Array.from(rows.flat(), (x) => (x + offset) * scale);
  const weighted = random.uniform() < 0.3;
  const weight = () => (random.uniform() < 0.1 ? 0 : 10 ** (4 * random.uniform() - 2));
  return { points: { data, features }, pointWeights: weighted ? Array.from({ length: count }, weight) : undefined };
}

function rowOf(random: Random, shape: (typeof SHAPES)[number], centres: readonly number[], features: number): number[] {
  const component = Math.floor((random.uniform() * centres.length) / features);
  const stretch = shape === "heavy tails" ? 1 / Math.max(0.01, random.uniform()) : 1;
  const row = Array.from({ length: features }, (_, j) => centres[component * features + j] + stretch * random.normal());
  if (shape === "noise") return row.map(() => random.uniform());
  if (shape === "rounded") return row.map(Math.round);
  if (shape === "collinear") row[features - 1] = 0.3 * row[0];
  if (shape === "nearly collinear") row[features - 1] = 0.3 * row[0] + 1e-6 * random.normal();
  return row;
}

async function fitted(
  { points, pointWeights }: Clouds,
  options: FitOptions,
  kernel: "reference" | "simd",
): Promise<PlainFitResult> {
  const steps = fit(inThreadExecutor(tilePoints(points, pointWeights), kernel), resolveFitOptions(options));
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

/** Relative, of the mean log-likelihood between two iterations; with a prior, its density counts, but not in the last bound. */
function greatestFall({ history, lowerBound }: PlainFitResult, prior: boolean): number {
  const bounds = prior ? history : [...history, lowerBound];
  const falls = bounds.slice(1).map((bound, i) => (bounds[i] - bound) / Math.max(1, Math.abs(bounds[i])));
  return Math.max(...falls);
}

const cases = fc.record({
  seed: fc.nat(),
  shape: fc.constantFrom(...SHAPES),
  components: fc.integer({ min: 1, max: 6 }),
  features: fc.integer({ min: 1, max: 6 }),
  covarianceType: fc.constantFrom(...COVARIANCE_TYPES),
  initialization: fc.constantFrom("k-means++" as const, "random" as const),
  acceleration: fc.constantFrom("lbfgs" as const, "lbfgs" as const, "none" as const),
  prior: fc.constantFrom(undefined, undefined, undefined, { weightConcentration: 1.5, meanPrecision: 0.5 }),
  kernel: fc.constantFrom("reference" as const, "simd" as const),
});

describe.each([1e-12, 0])("regularization %d", (regularization) => {
  law("the likelihood of a fit never falls", cases, 300, async ({ seed, shape, kernel, ...options }) => {
    const clouds = cloudsOf(seed, shape, options.components, options.features);
    const { components, covarianceType, initialization, acceleration, prior } = options;
    // Not "reseed": a component that starts anew may cost likelihood at first.
    const own = { components, covarianceType, initialization, acceleration, emptyComponent: "keep" } as const;
    const given = { ...own, ...(prior && { prior }), regularization, tolerance: 0, maxIterations: 50, seed };
    try {
      const result = await fitted(clouds, given, kernel);
      expect(greatestFall(result, prior !== undefined)).toBeLessThan(1e-9);
      expect(result.warnings.map(({ code }) => code)).not.toContain("NON_MONOTONE");
    } catch (error) {
      if (!(error instanceof EmixError)) throw error;
      expect([error.code, regularization]).toEqual(["COLLAPSED_COMPONENT", 0]);
    }
  });
});

const overlapping = fc.record({
  seed: fc.nat(),
  components: fc.integer({ min: 2, max: 5 }),
  features: fc.integer({ min: 1, max: 4 }),
  covarianceType: fc.constantFrom(...COVARIANCE_TYPES),
  spread: fc.constantFrom(0.5, 1, 2),
  weighted: fc.boolean(),
  prior: fc.constantFrom(
    undefined,
    undefined,
    { weightConcentration: 1.5, meanPrecision: 0.5 },
    { degreesOfFreedom: 12 },
  ),
  kernel: fc.constantFrom("reference" as const, "simd" as const),
});

// LAWS_RUNS=40 tries 2,000 of them.
law("longer steps never cost likelihood where groups overlap", overlapping, 50, async (one) => {
  const { seed, components, features, covarianceType, spread, weighted, prior, kernel } = one;
  const random = randomStream(seed, "overlapping");
  const centres = Array.from({ length: components * features }, () => spread * random.normal());
  const count = 40 * components * features + Math.floor(200 * random.uniform());
  const data = Float64Array.from({ length: count * features }, (_, i) => {
    const component = Math.floor(i / features) % components;
    return centres[component * features + (i % features)] + random.normal();
  });
  const pointWeights = weighted ? Array.from({ length: count }, () => 10 ** (2 * random.uniform() - 1)) : undefined;
  const own = { components, covarianceType, initialization: "k-means++", emptyComponent: "keep" } as const;
  const given = { ...own, ...(prior && { prior }), tolerance: 1e-9, maxIterations: 300, seed };
  const result = await fitted({ points: { data, features }, pointWeights }, given, kernel);
  expect(greatestFall(result, prior !== undefined)).toBeLessThan(1e-9);
  expect(result.warnings.map(({ code }) => code)).not.toContain("NON_MONOTONE");
});
