import { tooFewDistinctPoints } from "../../errors.ts";
import type { Executor } from "../../passes/executor.ts";
import { firstPoint, storedPoint, type Tiles, tileCount } from "../../points/tiles.ts";
import { type Random, randomStream } from "../../random.ts";
import type { Maximum } from "../../step/maximum.ts";
import type { AboutStart } from "../exchange/exchanged-start.ts";
import { inverseDeviations } from "../exchange/metric.ts";
import { pick } from "../initialization/draw.ts";
import { fromLabels } from "../initialization/start.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import type { KnownOfPoints } from "./groups.ts";

/**
 * A start from points whose components are known. The mean of the points that are known to belong to a component is its
 * centre; without such points, a centre is drawn as in k-means++ from those that may belong to it. Each point then goes to
 * the nearest centre that it may, and one M-step follows.
 * @throws TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT
 */
export async function startFromKnown(
  executor: Executor,
  known: KnownOfPoints,
  { components, covarianceType, seed }: Pick<ResolvedFitOptions, "components" | "covarianceType" | "seed">,
  { rules, summary }: AboutStart,
): Promise<Maximum> {
  const { tiles } = executor;
  const field = { tiles, known, scales: inverseDeviations(summary.variances) };
  const centres = knownCentres(field, components);
  const random = randomStream(seed, "known");
  for (let c = 0; c < components; c++) centres[c] ??= drawnCentre(field, centres, c, random);
  const whole = centres as Float64Array[];
  const padded = tileCount(tiles) * tiles.tileSize;
  return executor.lend(padded * 4, async (memory) => {
    const labels = new Int32Array(memory, 0, padded).fill(0);
    const point = new Float64Array(tiles.features);
    for (let i = 0; i < tiles.count; i++) labels[i] = nearest(field, whole, storedPoint(tiles, i, point), i).component;
    const flat = Float64Array.from(whole.flatMap((centre) => [...centre]));
    return fromLabels(executor, labels, { centres: flat, covarianceType }, rules);
  });
}

interface Field {
  readonly tiles: Tiles;
  readonly known: KnownOfPoints;
  /** d, 1/σ */
  readonly scales: Float64Array;
}

type Centres = (Float64Array | undefined)[];

/** The mean of the points that are known to belong to each component, if there are any. */
function knownCentres({ tiles, known: { sets, setOf } }: Field, components: number): Centres {
  const origin = firstPoint(tiles);
  const point = new Float64Array(tiles.features);
  const masses = new Float64Array(components);
  const sums = Array.from({ length: components }, () => new Float64Array(tiles.features));
  for (let i = 0; i < tiles.count; i++) {
    const set = sets[setOf[i]];
    const weight = weightOf(tiles, i);
    if (set.length > 1 || weight === 0) continue;
    storedPoint(tiles, i, point);
    masses[set[0]] += weight;
    for (let j = 0; j < point.length; j++) sums[set[0]][j] += weight * (point[j] - origin[j]);
  }
  return sums.map((sum, c) => (masses[c] > 0 ? sum.map((value, j) => origin[j] + value / masses[c]) : undefined));
}

/** A point that may belong to a component, drawn ∝ w·D² from the centres so far, or ∝ w where there are none. */
function drawnCentre({ tiles, ...field }: Field, centres: Centres, component: number, random: Random): Float64Array {
  const { sets, setOf } = field.known;
  const point = new Float64Array(tiles.features);
  const masses = Float64Array.from({ length: tiles.count }, (_, i) => {
    if (!sets[setOf[i]].includes(component)) return 0;
    const { squared } = nearest({ tiles, ...field }, centres, storedPoint(tiles, i, point), i);
    return weightOf(tiles, i) * Math.min(squared, 1e300);
  });
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  if (!(total > 0)) throw tooFewDistinctPoints(centres.filter((centre) => centre !== undefined).length, centres.length);
  return storedPoint(tiles, pick(masses, random.uniform() * total), point);
}

/** The nearest centre that a point may belong to; without any, the first of its components, at an equal distance for all. */
function nearest({ known: { sets, setOf }, scales }: Field, centres: Centres, point: Float64Array, index: number) {
  const set = sets[setOf[index]];
  let best = { component: set[0], squared: 1 };
  let found = false;
  for (const component of set) {
    const centre = centres[component];
    if (centre === undefined) continue;
    let squared = 0;
    for (let j = 0; j < point.length; j++) squared += ((point[j] - centre[j]) * scales[j]) ** 2;
    if (found && !(squared < best.squared)) continue;
    best = { component, squared };
    found = true;
  }
  return best;
}

function weightOf({ pointWeights }: Tiles, point: number): number {
  return pointWeights === null ? 1 : pointWeights[point];
}
