import {
  EmixError,
  type Executor,
  type FitOptions,
  type FlatPoints,
  fit,
  GaussianMixture,
  KernelPrograms,
  type MissingOption,
  openPoints,
  type PlainFitResult,
  type PriorOptions,
  resolveFitOptions,
} from "@emix/core";
import { tilesFrom } from "../../packages/core/src/points/tiling.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { inThreadExecutor } from "./in-thread-executor.ts";

/** A fit that asks for trouble. */
export interface HostileFit {
  readonly points: FlatPoints;
  readonly pointWeights?: number[];
  readonly missing: MissingOption;
  readonly kernel: "reference" | "simd";
  readonly options: FitOptions;
}

const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random.uniform() * values.length)];
const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random.uniform() * (most - least + 1));

/** How one feature's numbers come about. */
type Column = (random: Random) => (row: number) => number;

const plain: Column = (random) => () => random.normal();
const COLUMNS: readonly Column[] = [
  plain,
  plain,
  (random) => () => Math.round(2 * random.normal()),
  (random) => {
    const value = pick(random, [0, 1, 7.1, -1e9, 1e-200, 1e200, 5e-324]);
    return () => value;
  },
  (random) => {
    const scale = 10 ** (600 * random.uniform() - 300);
    return () => scale * random.normal();
  },
  (random) => {
    const [offset, scale] = [10 ** (18 * random.uniform()), 10 ** (-12 * random.uniform())];
    return () => offset + scale * random.normal();
  },
  (random) => {
    const far = 10 ** (250 * random.uniform());
    return (row) => (row === 0 ? far : random.normal());
  },
  (random) => (row) => (row % 2 === 0 ? 1e-7 * random.normal() : 3 + random.normal()),
  (random) => () => 5e-324 * Math.round(100 * random.normal()),
  (random) => () => Math.round(random.uniform()),
];

/** How the last feature may follow from the others, to the last bit. */
const TIES: readonly ((row: readonly number[]) => number)[] = [
  (row) => 2 * row[0] - 0.3 * row[1],
  (row) => 0.1 * row[0],
  (row) => 3.28 * row[0],
  (row) => row.slice(0, -1).reduce((sum, x) => sum + x, 0),
];

/** Fit number `index` of a seed. */
export function hostileFit(seed: string | number, index: number): HostileFit {
  const random = randomStream(seed, "hostile", index);
  const features = random.uniform() < 0.8 ? between(random, 1, 4) : between(random, 5, 12);
  const count = between(random, 1, pick(random, [3, 8, 40, 150, 150, 400]));
  const single = random.uniform() < 0.3;
  const columns = Array.from({ length: features }, () => pick(random, COLUMNS)(random));
  const rows = Array.from({ length: count }, (_, row) => columns.map((column) => column(row)));
  if (random.uniform() < 0.3) copyRows(rows, random);
  if (features > 1 && random.uniform() < 0.3) {
    const tie = pick(random, TIES);
    for (const row of rows) row[features - 1] = tie(row);
  }
  const missing = random.uniform() < 0.1 ? "drop" : "error";
  const gap = () => (missing === "drop" && random.uniform() < 0.05 ? Number.NaN : 1);
  const flat = rows.flat().map((x) => (Number.isFinite(x) ? x : 1) * gap());
  const data = single ? Float32Array.from(flat, (x) => Math.max(-3e38, Math.min(x, 3e38))) : Float64Array.from(flat);
  const pointWeights = weightsOf(count, random);
  const kernel = pick(random, ["reference", "simd"] as const);
  const options = withPrior(optionsOf(count, random), features, random);
  return { points: { data, features }, ...(pointWeights && { pointWeights }), missing, kernel, options };
}

function copyRows(rows: number[][], random: Random): void {
  const different = between(random, 1, 4);
  for (let row = different; row < rows.length; row++) rows[row] = [...rows[row % different]];
}

function weightsOf(count: number, random: Random): number[] | undefined {
  const kind = random.uniform();
  if (kind < 0.5) return undefined;
  if (kind < 0.65) return Array.from({ length: count }, () => between(random, 0, 2));
  if (kind < 0.8) return Array.from({ length: count }, () => 10 ** (24 * random.uniform() - 12));
  if (kind < 0.9) return Array.from({ length: count }, () => (random.uniform() < 0.8 ? 0 : 1));
  return Array.from({ length: count }, () => 10 ** (600 * random.uniform() - 300));
}

function optionsOf(count: number, random: Random): FitOptions {
  const restarts = between(random, 1, 3);
  return {
    components: random.uniform() < 0.6 ? between(random, 1, 5) : between(random, Math.max(1, count - 3), count + 1),
    covarianceType: pick(random, ["full", "tied", "diag", "spherical"]),
    regularization: pick(random, [1e-12, 1e-12, 0, 1e-3, 1, 1e6, { absolute: 1e-6 }, { absolute: 1e-300 }]),
    granularity: pick(random, [0, 0, 0, 1, "auto"]),
    initialization: pick(random, ["k-means++", "random"]),
    emptyComponent: pick(random, ["keep", "reseed", "drop", "error"]),
    maxIterations: between(random, 1, 12),
    tolerance: pick(random, [0, 1e-6]),
    seed: between(random, 0, 1e6),
    restarts,
    ...(restarts > 1 && { restartStrategy: pick(random, ["race", "all"]) }),
  };
}

/** Kernels of each kind compile a module once for all fits. */
const PROGRAMS = {
  reference: new KernelPrograms({ kernel: "reference" }),
  simd: new KernelPrograms({ kernel: "simd" }),
};

function executorFor({ points, pointWeights, missing, kernel }: HostileFit): Executor {
  return { ...inThreadExecutor(tilesFrom(openPoints(points), { pointWeights, missing })), programs: PROGRAMS[kernel] };
}

/** Every third fit has a prior, mostly an odd one. */
function withPrior(options: FitOptions, features: number, random: Random): FitOptions {
  const way = pick(random, ["none", "none", "none", "none", "em", "variational"] as const);
  if (way === "none") return options;
  const sizes = [1e-100, 1e-9, 0.1, 1, 30, 1e9, 1e100];
  const maybe = (name: keyof PriorOptions, value: () => unknown) => (random.uniform() < 0.5 ? {} : { [name]: value() });
  const scale = 10 ** (600 * random.uniform() - 300);
  const square = options.covarianceType === "full" || options.covarianceType === "tied";
  const length = square ? features * features : options.covarianceType === "diag" ? features : 1;
  const prior: PriorOptions = {
    ...maybe("weightConcentration", () => pick(random, sizes) + Number(way === "em")),
    ...maybe("meanPrecision", () => pick(random, sizes)),
    ...maybe("degreesOfFreedom", () => features - 1 + pick(random, sizes)),
    ...(random.uniform() < 0.2 && {
      mean: Array.from({ length: features }, () => pick(random, sizes) * random.normal()),
    }),
    ...(random.uniform() < 0.2 && {
      covariance: Array.from({ length }, (_, i) => (square && i % (features + 1) !== 0 ? 0 : scale)),
    }),
  };
  if (way === "em") return { ...options, prior };
  const { emptyComponent: _, ...rest } = options;
  const weightConcentrationType = pick(random, ["process", "distribution"] as const);
  return { ...rest, inference: "variational", prior: { ...prior, weightConcentrationType } };
}

/** How a fit ended: the code of its error, or "ok". @throws where it ended in neither a sound model nor a typed error */
export async function outcome(hostile: HostileFit): Promise<string> {
  const { options } = hostile;
  try {
    const steps = fit(executorFor(hostile), resolveFitOptions(options));
    let next = await steps.next();
    while (!next.done) next = await steps.next();
    check(next.value, hostile);
    return "ok";
  } catch (error) {
    if (error instanceof EmixError && error.code !== "INTERNAL") return error.code;
    throw error;
  }
}

function check(fitted: PlainFitResult, { points, pointWeights, options }: HostileFit): void {
  const { mixture, lowerBound, history, warnings } = fitted;
  checkWarnings(warnings, options);
  const arrays = [mixture.weights, mixture.means, mixture.meansResidual, mixture.packedCovariances, mixture.factors];
  const { weightConcentration = [1], meanPrecision = [1], degreesOfFreedom = [1] } = mixture.posterior ?? {};
  const positive = [...weightConcentration, ...meanPrecision, ...degreesOfFreedom].every((value) => value > 0);
  if (!positive) throw new Error("a number of the posterior is not above 0");
  if (!arrays.every((values) => values.every(Number.isFinite))) throw new Error("a parameter is not finite");
  const sum = mixture.weights.reduce((total, weight) => total + weight, 0);
  if (!(Math.abs(sum - 1) < 1e-12)) throw new Error(`weights sum to ${sum}`);
  if (![lowerBound, ...history].every(Number.isFinite)) throw new Error(`lower bounds ${[lowerBound, ...history]}`);
  const text = JSON.stringify(new GaussianMixture(mixture));
  if (JSON.stringify(GaussianMixture.fromJSON(JSON.parse(text))) !== text) throw new Error("a model lost bits in JSON");
  if (points.data.some(Number.isNaN)) return;
  const k = mixture.components;
  const responsibilities = new GaussianMixture(mixture).predictProba(points);
  for (let row = 0; row < responsibilities.length / k; row++) {
    if (pointWeights?.[row] === 0) continue;
    const total = responsibilities.subarray(row * k, (row + 1) * k).reduce((all, value) => all + value, 0);
    if (!(Math.abs(total - 1) < 1e-12)) throw new Error(`responsibilities of row ${row} sum to ${total}`);
  }
}

/**
 * Each names where and when, with finite numbers; the likelihood falls only under a ridge, by a repair, where the data's
 * rounding shows, for a granularity far below the rounding of the numbers, or with a prior as far from the data.
 */
function checkWarnings(warnings: PlainFitResult["warnings"], { regularization, granularity, prior }: FitOptions): void {
  const told = warnings.some(({ code, policy }) => policy !== undefined || ROUNDING.has(code));
  const may = told || typeof regularization === "object" || granularity !== 0 || prior !== undefined;
  for (const warning of warnings) {
    const { code, component, firstIteration, lastIteration } = warning;
    const known = !OF_COMPONENTS.has(code) || component !== undefined;
    const dated = firstIteration !== undefined && lastIteration !== undefined && firstIteration <= lastIteration;
    const numbers = Object.values(warning).filter((value) => typeof value === "number");
    const lawful = code !== "NON_MONOTONE" || may;
    if (!(known && dated && lawful && numbers.every(Number.isFinite))) throw new Error(JSON.stringify(warning));
  }
}

/** Here the rounding of the data is all that there is to see of a direction. */
const ROUNDING: ReadonlySet<string> = new Set(["NEAR_RESOLUTION", "COLLAPSED_COMPONENT"]);

const OF_COMPONENTS: ReadonlySet<string> = new Set([
  "EMPTY_COMPONENT",
  "COLLAPSED_COMPONENT",
  "SINGULAR_COVARIANCE",
  "NEAR_RESOLUTION",
]);
