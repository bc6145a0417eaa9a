import { isotropic } from "../../covariance/covariances.ts";
import type { CovarianceType } from "../../covariance/types.ts";
import { tooFewDistinctPoints } from "../../errors.ts";
import { greatest } from "../../linear-algebra/extremes.ts";
import { factorizeMixture, type Mixture } from "../../mixture/mixture.ts";
import { type AnyExecutor, gather, isLocal, type RemoteExecutor } from "../../passes/executor.ts";
import { passStatistics } from "../../passes/reduce.ts";
import { rowsLength } from "../../passes/rows-length.ts";
import { labelledWork } from "../../passes/work.ts";
import { gatheredBytes } from "../../points/gather.ts";
import { firstPoint, privateMemory, storedPoint, type Tiles } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { type Measure, measureLayout, noFrames, withMeasure } from "../../statistics/frames.ts";
import { statisticsLayout } from "../../statistics/sufficient-statistics.ts";
import { maximum } from "../../step/maximization.ts";
import type { Maximum } from "../../step/maximum.ts";
import type { Rules } from "../../step/rules.ts";
import { secondLook } from "../../step/second-look.ts";
import { fromLabelsShortly, openShortRun } from "../../step/short/short-run.ts";
import { drawByWeight, drawDistinct } from "./draw.ts";

// Starts, all in stored units.

/** How many points at a time are searched for one that differs from those already drawn. */
const LOOKED_AT = 4096;

interface LabelledStart {
  /** near the means, k × d: what moments are measured from */
  readonly centres: Float64Array;
  readonly covarianceType: CovarianceType;
}

/** The first point of positive weight with each label, k × d. A label without points gets the first point of all. */
export function firstOfEach(tiles: Tiles, labels: Int32Array, components: number): Float64Array {
  const { count, features, pointWeights } = tiles;
  const found = new Array<boolean>(components).fill(false);
  const points = new Float64Array(components * features);
  const first = firstPoint(tiles);
  for (let c = 0; c < components; c++) points.set(first, c * features);
  for (let i = 0, left = components; i < count && left > 0; i++) {
    const label = labels[i];
    if (found[label] || pointWeights?.[i] === 0) continue;
    storedPoint(tiles, i, points.subarray(label * features, (label + 1) * features));
    found[label] = true;
    left--;
  }
  return points;
}

/**
 * One M-step of points that belong to one component each. in: labels, ⌈n/B⌉·B, in memory that threads share, as of `LabelledPass`
 * @throws COLLAPSED_COMPONENT
 */
export async function fromLabels(
  executor: AnyExecutor,
  labels: Int32Array,
  { centres, covarianceType }: LabelledStart,
  rules: Rules,
): Promise<Maximum> {
  const { features, dtype, tileSize, count } = executor.tiles;
  const layout = statisticsLayout(centres.length / features, features, covarianceType);
  const shape = { ...layout, dtype, tileSize };
  const work = labelledWork(count, shape);
  const run = openShortRun(executor, layout, rules, work);
  const mixture = run && fromLabelsShortly(run, labels, centres);
  if (mixture !== null) return { mixture, warnings: [] };
  const program = executor.programs.get(shape, work);
  const sums = (measure: Measure) => {
    const parameters = withMeasure(new Float64Array(0), measureLayout(0, layout), measure);
    const pass = { kind: "labelled", program, parameters, labels } as const;
    const numbers = program.kind !== "reference" && isLocal(executor) ? rowsLength(executor.tiles, layout) : 0;
    if (numbers === 0) return passStatistics(executor, pass, layout, measure);
    return executor.lend(8 * numbers, (memory) => {
      const rows = new Float64Array(memory, 0, numbers);
      return passStatistics(executor, { ...pass, rows }, layout, measure);
    });
  };
  const statistics = await sums({ pivots: centres, frames: noFrames(layout) });
  return maximum(await secondLook(executor, statistics, { rules }, ({ measure }) => sums(measure)), rules);
}

/** The only component of points that lie elsewhere: as k-means++ makes it, about a point drawn ∝ weight. */
export async function ofAllPoints(
  executor: RemoteExecutor,
  covarianceType: CovarianceType,
  rules: Rules,
  random: Random,
): Promise<Maximum> {
  const [centre] = await pointsOf(executor, [drawByWeight(executor.tiles, random)]);
  return fromLabels(executor, new Int32Array(0), { centres: centre, covarianceType }, rules);
}

/** Copies of some points. out: d each */
async function pointsOf(executor: AnyExecutor, points: readonly number[]): Promise<Float64Array[]> {
  const { features } = executor.tiles;
  const bytes = gatheredBytes(points.length, features);
  const some = await gather(executor, { points, weights: null }, privateMemory(bytes));
  return points.map((_, i) => storedPoint(some, i, new Float64Array(features)));
}

/**
 * A start with different points, drawn ∝ their weights, as means; with the mean variance of the data, after
 * regularization, for all components; and with equal weights.
 * in: components, at most the points of positive weight; variances of the features, d
 * @throws TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT
 */
export async function fromRandomPoints(
  executor: AnyExecutor,
  { components, covarianceType }: { readonly components: number; readonly covarianceType: CovarianceType },
  variances: Float64Array,
  random: Random,
  { regularization: { floors, ridges } }: Pick<Rules, "regularization">,
): Promise<Mixture> {
  const { features } = executor.tiles;
  const shape = { components, features, covarianceType };
  const points = await differentPoints(executor, components, random);
  const spread = variances.reduce((total, value) => total + value, 0) / features;
  return factorizeMixture({
    ...shape,
    weights: new Float64Array(components).fill(1 / components),
    means: Float64Array.from(points.flatMap((point) => [...point])),
    meansResidual: new Float64Array(components * features),
    packedCovariances: isotropic(Math.max(spread, greatest(floors), greatest(ridges)), shape),
  });
}

/** A draw with the same coordinates as an earlier one is replaced by the first point in order that differs. */
async function differentPoints(executor: AnyExecutor, count: number, random: Random): Promise<Float64Array[]> {
  const { tiles } = executor;
  const chosen: Float64Array[] = [];
  const addSome = async (points: readonly number[]) => {
    for (const point of await pointsOf(executor, points)) {
      const isNew = !chosen.some((other) => other.every((value, j) => value === point[j]));
      if (isNew && chosen.length < count) chosen.push(point);
    }
  };
  await addSome(drawDistinct(tiles, count, random));
  for (let first = 0; chosen.length < count && first < tiles.count; first += LOOKED_AT) {
    const next = Array.from({ length: Math.min(LOOKED_AT, tiles.count - first) }, (_, i) => first + i);
    await addSome(next.filter((index) => tiles.pointWeights === null || tiles.pointWeights[index] > 0));
  }
  if (chosen.length < count) throw tooFewDistinctPoints(chosen.length, count);
  return chosen;
}
