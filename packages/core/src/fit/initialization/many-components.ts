import { rowsOf } from "../../kernels/balls/levels.ts";
import type { Executor } from "../../passes/executor.ts";
import { orderPoints } from "../../passes/order-points.ts";
import { gatheredBytes, gatheringTiles, tilesOfRows } from "../../points/gather.ts";
import { atOnce, withPauses } from "../../points/stretches.ts";
import type { Random } from "../../random.ts";
import type { Maximum } from "../../step/maximum.ts";
import type { AboutStart } from "../exchange/exchanged-start.ts";
import { inverseDeviations } from "../exchange/metric.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { drawSample } from "../sample/sample.ts";
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
export function needStartOfMany(components: number): boolean {
  return components > MOST_COMPONENTS;
}

/** How many points the sample has, of so many. */
function sampleSize(count: number, components: number): number {
  return Math.min(count, Math.max(SAMPLE_POINTS * components, LEAST_SAMPLE));
}

/** How many bytes a start takes: the labels and a copy for the first step, and the sample with its tree. */
export function startOfManyBytes(count: number, features: number, components: number): number {
  const size = sampleSize(count, components);
  return 8 * count + gatheredBytes(size, features) + treeBytes(size, features, components);
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
  const candidates = Math.min(
    greedyCandidates(components),
    Math.max(LEAST_CANDIDATES, Math.floor(CANDIDATES / components)),
  );
  return executor.lend(gatheredBytes(chosen.points.length, features), async (memory) => {
    const sample = executor.over(await withPauses(gatheringTiles(tiles, chosen, memory, scale), pause));
    await orderPoints(sample, new Uint32Array(sample.tiles.count), pause);
    const options = { components, candidates };
    const [centres] = await kMeansPlusPlus(sample, options, [random], async (seeded) => seeded.centres);
    const asPoints = tilesOfRows(centres, features);
    await orderPoints(executor.over(asPoints), new Uint32Array(components), pause);
    return atOnce(rowsOf(asPoints));
  });
}
