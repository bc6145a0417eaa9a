import { createHash } from "node:crypto";
import { createEngine, type Engine, type EngineOptions, type FitOptions } from "emix";

// Prints the fingerprints of some fits as JSON: name → a hash of the bits of the result. It runs in a folder where the packed
// package is installed, on any host. `node fingerprints.ts <fused | strict> <every>`: only every so many of the fits.

type Kernel = NonNullable<EngineOptions["kernel"]>;

interface Case {
  readonly name: string;
  readonly points: Scene;
  readonly options: FitOptions;
  readonly weighted?: boolean;
  readonly f32?: boolean;
}

interface Scene {
  readonly n: number;
  readonly d: number;
  readonly k: number;
  readonly offset?: number;
  readonly scale?: number;
  readonly collinear?: boolean;
  readonly whole?: boolean;
}

const TYPES = ["full", "tied", "diag", "spherical"] as const;
const STEPS = { components: 3, seed: 5, maxIterations: 12, tolerance: 0 };

const CASES: readonly Case[] = [
  { name: "plain", points: { n: 3000, d: 5, k: 3 }, options: STEPS },
  { name: "many features", points: { n: 900, d: 21, k: 3 }, options: STEPS },
  { name: "weights", points: { n: 2000, d: 3, k: 3 }, options: STEPS, weighted: true },
  { name: "offset", points: { n: 2000, d: 3, k: 3, offset: 1e8 }, options: STEPS },
  { name: "collinear", points: { n: 2000, d: 4, k: 3, collinear: true }, options: STEPS },
  { name: "scale", points: { n: 1000, d: 3, k: 3, scale: 1e-140 }, options: STEPS },
  { name: "whole numbers", points: { n: 2000, d: 2, k: 6, whole: true }, options: { ...STEPS, components: 8 } },
  {
    name: "restarts",
    points: { n: 2500, d: 4, k: 5 },
    options: { ...STEPS, components: 5, restarts: 3 },
  },
  {
    name: "variational",
    points: { n: 1500, d: 3, k: 3 },
    options: { ...STEPS, components: 5, inference: "variational" },
  },
  {
    name: "prior",
    points: { n: 1500, d: 3, k: 3 },
    options: { ...STEPS, prior: { weightConcentration: 2, meanPrecision: 1 } },
  },
];

const LARGE: Case = {
  name: "large",
  points: { n: 60_000, d: 6, k: 6 },
  options: { ...STEPS, components: 6, maxIterations: 6 },
};
const F32: Case = { name: "f32", points: { n: 4000, d: 6, k: 3 }, options: { ...STEPS, compute: "f32" }, f32: true };

/** Engines, and the fits of each covariance type that they do: 176 in all. */
const RUNS: readonly (readonly [name: string, options: EngineOptions, cases: readonly Case[]])[] = [
  ...(["reference", "simd", "simd256", "auto"] as const).map(
    (kernel: Kernel) => [kernel, { kernel, threads: 2 }, kernel === "simd" ? [...CASES, F32] : CASES] as const,
  ),
  ...[1, 2, 3].map((threads) => [`auto on ${threads}`, { kernel: "auto", threads } as const, [LARGE]] as const),
];

/** mulberry32: the same points on every host, whatever emix's own generator does. */
function uniformFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function clusters({ n, d, k, offset = 0, scale = 1, collinear = false, whole = false }: Scene): Float64Array {
  const uniform = uniformFrom(n + d);
  // Twelve uniform numbers less six: no logarithm or cosine.
  const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, x) => sum + x, -6);
  const centres = Array.from({ length: k * d }, () => normal() * 4);
  const data = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const c = Math.floor(uniform() * k);
    for (let j = 0; j < d; j++) {
      const drawn = centres[c * d + j] + normal() * (0.5 + 0.2 * j);
      const x = collinear && j === d - 1 ? data[i * d] * 2 + normal() * 1e-7 : drawn;
      data[i * d + j] = (whole ? Math.round(x) : x) * scale + offset;
    }
  }
  return data;
}

async function fingerprint(engine: Engine, { points, options, weighted, f32 }: Case): Promise<string> {
  const data = clusters(points);
  const given = { data: f32 ? Float32Array.from(data) : data, features: points.d };
  const uniform = uniformFrom(7);
  const pointWeights = Float64Array.from({ length: points.n }, () => Math.floor(uniform() * 4) / 2 + 0.25);
  const result = await engine.fit(given, { ...options, ...(weighted && { pointWeights }) });
  const { mixture, history, lowerBound, iterations } = result;
  const probabilities = await engine.predictProba(given, { mixture });
  const hash = createHash("sha256");
  const { weights, means, meansResidual, covariances, precisionsCholesky } = mixture;
  const draws = mixture.sample(10, { seed: 1 }).points;
  for (const numbers of [
    weights,
    means,
    meansResidual,
    covariances,
    precisionsCholesky,
    probabilities,
    history,
    draws,
  ]) {
    hash.update(new Uint8Array(Float64Array.from(numbers as ArrayLike<number>).buffer));
  }
  return hash
    .update(JSON.stringify([lowerBound, iterations]))
    .digest("hex")
    .slice(0, 16);
}

const strict = process.argv[2] === "strict";
const every = Number(process.argv[3]);
const found: Record<string, string> = {};
let index = 0;
for (const [name, options, cases] of RUNS) {
  const engine = await createEngine({ ...options, strict });
  for (const one of cases) {
    for (const covarianceType of TYPES) {
      if (index++ % every !== 0) continue;
      const settings = { ...one, options: { ...one.options, covarianceType } };
      found[`${one.name}, ${covarianceType}, ${name}`] = await fingerprint(engine, settings).catch(({ code }) =>
        String(code),
      );
    }
  }
  await engine.close();
}
console.log(JSON.stringify(found));
