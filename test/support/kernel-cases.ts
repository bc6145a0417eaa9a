import type { CovarianceType, Mixture, Tiles } from "@emix/core";
import fc from "fast-check";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import type { KernelShape } from "../../packages/core/src/kernels/kernel.ts";
import { type DensityOptions, densityParameters } from "../../packages/core/src/mixture/density.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { COVARIANCE_TYPES, mixtureOf } from "./scenes.ts";

/** Points, and a mixture's parameters as a kernel loads them. */
export interface KernelCase {
  readonly shape: KernelShape;
  readonly tiles: Tiles;
  readonly parameters: Float64Array;
  /** Does a measure stand in the parameters? */
  readonly measured: boolean;
}

export interface KernelCaseChoice {
  readonly covarianceType: CovarianceType;
  readonly features: number;
  readonly components: number;
  readonly count: number;
  readonly dtype: "f64" | "f32";
  /** "some" are 0 */
  readonly weights: "none" | "some";
  /** distance between the means, in standard deviations or so */
  readonly spread: number;
  /** how far away a few points lie */
  readonly far: number;
  /** the last component has weight 0 */
  readonly absent: boolean;
  readonly ruleOfZero: boolean;
  /** what scatters are taken in: z, the factors of some components, or of some a measure of their own, of others nothing */
  readonly frames: "none" | "own" | "measure";
  readonly seed: number;
}

export function kernelChoices(most: { features: number; count: number }): fc.Arbitrary<KernelCaseChoice> {
  return fc.record({
    covarianceType: fc.constantFrom(...COVARIANCE_TYPES),
    features: fc.integer({ min: 1, max: most.features }),
    components: fc.integer({ min: 1, max: 6 }),
    count: fc.integer({ min: 1, max: most.count }),
    dtype: fc.constantFrom("f64" as const, "f32" as const),
    weights: fc.constantFrom("none" as const, "some" as const),
    spread: fc.constantFrom(0.1, 1, 10),
    far: fc.constantFrom(0, 100, 1e6),
    absent: fc.boolean(),
    ruleOfZero: fc.boolean(),
    frames: fc.constantFrom("none" as const, "own" as const, "measure" as const),
    seed: fc.nat(),
  });
}

export function kernelCase(choice: KernelCaseChoice): KernelCase {
  const { covarianceType, features, components, count, dtype } = choice;
  const random = randomStream(choice.seed, "kernel case");
  const mixture = mixtureFor(choice, random);
  const coordinates = pointsAround(mixture, choice, random);
  const data = dtype === "f64" ? coordinates : Float32Array.from(coordinates);
  const weight = () => (random.uniform() < 0.3 ? 0 : 3 * random.uniform());
  const pointWeights = Array.from({ length: count }, weight);
  pointWeights[0] = 1;
  const tiles = tilePoints({ data, features }, choice.weights === "none" ? undefined : pointWeights);
  const shape = { features, components, covarianceType, dtype, tileSize: tiles.tileSize };
  const options = { ruleOfZero: choice.ruleOfZero, ...measuredFrom(choice, mixture, random) };
  return { shape, tiles, parameters: densityParameters(mixture, options), measured: "measure" in options };
}

function measuredFrom(
  { covarianceType, components, features, frames }: KernelCaseChoice,
  { means }: Mixture,
  random: Random,
): Omit<DensityOptions, "ruleOfZero"> {
  if (frames === "none") return {};
  const most = covarianceRow(covarianceType).matrix === "triangle" ? 1 : 0;
  const least = frames === "own" ? 0 : -1;
  const flag = () => least + Math.floor(random.uniform() * (1 + most - least));
  const { factors } = mixtureOf(covarianceType, components, features, random).parameters;
  const framed = Int8Array.from({ length: components }, flag);
  if (frames === "own") return { frames: { framed, factors } };
  return { measure: { pivots: means.map((mean) => mean + 0.1 * random.normal()), frames: { framed, factors } } };
}

/** With low words far larger than in life, so that a kernel that forgets them is found out. */
function mixtureFor(
  { covarianceType, components, features, spread, absent }: KernelCaseChoice,
  random: Random,
): Mixture {
  const { parameters } = mixtureOf(covarianceType, components, features, random);
  const weights = parameters.weights.map((weight, c) =>
    absent && components > 1 && c === components - 1 ? 0 : weight,
  );
  const means = parameters.means.map((mean) => (mean * spread) / 3);
  return { ...parameters, weights, means, meansResidual: means.map(() => 1e-3 * random.normal()) };
}

function pointsAround(
  { means }: Mixture,
  { components, features, count, far }: KernelCaseChoice,
  random: Random,
): Float64Array {
  const data = new Float64Array(count * features);
  for (let point = 0; point < count; point++) {
    const component = Math.floor(random.uniform() * components);
    const away = random.uniform() < 0.05 ? far : 0;
    for (let j = 0; j < features; j++) {
      data[point * features + j] = means[component * features + j] + random.normal() * (1 + away);
    }
  }
  return data;
}
