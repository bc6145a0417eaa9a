import { rowsOf } from "../../kernels/balls/levels.ts";
import type { Executor } from "../../passes/executor.ts";
import { gatheredBytes, gatherTiles } from "../../points/gather.ts";
import { neighbourOrder } from "../../points/order/neighbours.ts";
import { withPauses } from "../../points/stretches.ts";
import type { Random } from "../../random.ts";
import type { Maximum } from "../../step/maximum.ts";
import type { AboutStart } from "../exchange/exchanged-start.ts";
import { inverseDeviations } from "../exchange/metric.ts";
import { drawSample } from "../exchange/sample.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { fromNearest, type MeasuredCentres } from "./from-nearest.ts";
import { greedyCandidates, kMeansPlusPlus } from "./k-means-plus-plus.ts";
import { treeBytes } from "./seed-in-tree.ts";

/** With more components a sample that is worth repairing would be too large (budget.ts). */
const MOST_COMPONENTS = 256;
/** Points of the sample for each component. */
const SAMPLE_POINTS = 16;
/** Or so many points, if that is more. */
const LEAST_SAMPLE = 2 ** 16;
/** So many candidates are weighed in all, if three for each centre are no more. */
const CANDIDATES = 40_000;
const LEAST_CANDIDATES = 3;

/** Whether a start has so many components that it is made by `startOfMany`. */
export function areMany(components: number): boolean {
  return components > MOST_COMPONENTS;
}

/** How many points the sample has, of so many. */
function sampleSize(count: number, components: number): number {
  return Math.min(count, Math.max(SAMPLE_POINTS * components, LEAST_SAMPLE));
}

/** How many bytes a start takes: the labels, and the sample, twice, with its tree. */
export function startOfManyBytes(count: number, features: number, components: number): number {
  const size = sampleSize(count, components);
  return 4 * count + 2 * gatheredBytes(size, features) + treeBytes(size, features, components);
}

type Options = Pick<ResolvedFitOptions, "components" | "covarianceType" | "initialization">;

type Scaling = Omit<MeasuredCentres, "centres">;

/**
 * A start with many components: k-means++ on a sample, the nearest of its centres for every point, and an M-step.
 * Components that are neighbours have numbers near each other.
 * @throws TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT
 */
export async function startOfMany(
  executor: Executor,
  { components, covarianceType, initialization }: Options,
  { rules, summary }: Pick<AboutStart, "rules" | "summary">,
  random: Random,
): Promise<Maximum> {
  // k-means++ by its name measures in the units of the points.
  const { means, variances } = summary;
  const scaling =
    initialization === "k-means++"
      ? { means: means.map(() => 0), scales: means.map(() => 1) }
      : { means, scales: inverseDeviations(variances) };
  const centres = await centresOf(executor, components, scaling, random);
  return fromNearest(executor, { ...scaling, centres }, { components, covarianceType }, { rules });
}

/** Greedy k-means++ on a sample. out: k × d, scaled, neighbours side by side */
async function centresOf(
  executor: Executor,
  components: number,
  { means, scales }: Scaling,
  random: Random,
): Promise<Float64Array> {
  const { tiles } = executor;
  const { features } = tiles;
  const pause = () => executor.pause();
  const chosen = drawSample(tiles, sampleSize(tiles.count, components), random);
  const scale = (point: Float64Array) => {
    for (let j = 0; j < features; j++) point[j] = (point[j] - means[j]) * scales[j];
  };
  const size = chosen.points.length;
  const memory = new ArrayBuffer(gatheredBytes(size, features));
  const sample = gatherTiles(tiles, chosen, memory, scale);
  const order = await withPauses(neighbourOrder(rowsOf(sample), features), pause);
  const weights = chosen.weights === null ? null : Float64Array.from(order, (i) => sample.pointWeights?.[i] ?? 0);
  const ordered = gatherTiles(sample, { points: order, weights }, new ArrayBuffer(memory.byteLength));
  const candidates = Math.min(
    greedyCandidates(components),
    Math.max(LEAST_CANDIDATES, Math.floor(CANDIDATES / components)),
  );
  const [centres] = await kMeansPlusPlus(
    executor.over(ordered),
    { components, candidates },
    [random],
    async (seeded) => seeded.centres,
  );
  const byPlace = await withPauses(neighbourOrder(centres, features), pause);
  const sorted = new Float64Array(centres.length);
  for (const [to, from] of byPlace.entries()) {
    sorted.set(centres.subarray(from * features, (from + 1) * features), to * features);
  }
  return sorted;
}
