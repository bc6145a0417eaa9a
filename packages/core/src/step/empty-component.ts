import { copyMatrix } from "../covariance/covariances.ts";
import { emptyComponent } from "../errors.ts";
import { copyWith, type Mixture, withoutComponents } from "../mixture/mixture.ts";
import { type AnyExecutor, gather } from "../passes/executor.ts";
import { gatheredBytes } from "../points/gather.ts";
import { storedPoint } from "../points/tiles.ts";
import { type ListedPoints, logDensitiesOf } from "./densities.ts";
import type { Iteration } from "./iteration.ts";
import type { Maximum } from "./maximum.ts";
import type { EmptyComponentPolicy } from "./policies.ts";

/** How often components of one start are reseeded, per component of the mixture. After that, empty components stay empty. */
const MOST_RESEEDS = 2;

/** Applies the policy to the empty components of a mixture. @throws EMPTY_COMPONENT */
export async function replaceEmpty(
  listed: ListedPoints,
  next: Maximum,
  { mixture: previous, reseeds }: Pick<Iteration, "mixture" | "reseeds">,
  wanted: EmptyComponentPolicy,
): Promise<Maximum> {
  const policy = wanted === "reseed" && reseeds >= MOST_RESEEDS * previous.components ? "keep" : wanted;
  const empty = next.warnings
    .filter(({ code }) => code === "EMPTY_COMPONENT")
    .map(({ component }) => component as number);
  if (empty.length === 0 || policy === "keep") return next;
  if (policy === "error") throw emptyComponent(empty[0], previous.components);
  const warnings = next.warnings.map((warning) =>
    warning.code === "EMPTY_COMPONENT" ? { ...warning, policy } : warning,
  );
  if (policy === "drop") return { mixture: withoutComponents(next.mixture, new Set(empty)), warnings };
  return { mixture: await reseed(listed, next.mixture, empty), warnings };
}

/**
 * Moves each empty component to another of the points with the lowest density (the first of a tie), with the shape of
 * the heaviest component and half an equal share of the weight.
 */
async function reseed(listed: ListedPoints, mixture: Mixture, empty: readonly number[]): Promise<Mixture> {
  const logDensities = await logDensitiesOf(listed, mixture);
  const { components, features, weights } = mixture;
  const heaviest = weights.indexOf(weights.reduce((most, weight) => Math.max(most, weight), 0));
  const share = 1 / (2 * components);
  const left = 1 - share * empty.length;
  const all = weights.map((weight) => weight * left);
  for (const component of empty) all[component] = share;
  const next = copyWith(mixture, all);
  const points = await worstExplained(listed.executor, logDensities, empty.length);
  empty.forEach((component, index) => {
    next.means.set(points[index % points.length], component * features);
    next.meansResidual.fill(0, component * features, (component + 1) * features);
    copyMatrix(next, heaviest, next, component);
  });
  return next;
}

/**
 * The points of positive weight with the lowest values, lowest first, the first of a tie: the next ones after the point
 * `last`, or from the lowest on where that is −1. out: indices
 */
function lowestAfter(last: number, values: Float64Array, weights: Float64Array | null): number[] {
  const isBefore = (a: number, b: number) => values[a] < values[b] || (values[a] === values[b] && a < b);
  const lowest: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (weights?.[i] === 0 || (last >= 0 && !isBefore(last, i))) continue;
    if (lowest.length === LOOKED_AT && !isBefore(i, lowest[LOOKED_AT - 1])) continue;
    const place = lowest.findIndex((other) => isBefore(i, other));
    lowest.splice(place < 0 ? lowest.length : place, 0, i);
    if (lowest.length > LOOKED_AT) lowest.pop();
  }
  return lowest;
}

/** How many points are gathered at a time. */
const LOOKED_AT = 64;

/** Up to `count` different points of lowest density, worst first, in stored units. */
async function worstExplained(
  executor: AnyExecutor,
  logDensities: Float64Array,
  count: number,
): Promise<Float64Array[]> {
  const { features, pointWeights } = executor.tiles;
  const chosen: Float64Array[] = [];
  let last = -1;
  while (chosen.length < count) {
    const points = lowestAfter(last, logDensities, pointWeights);
    if (points.length === 0) break;
    last = points[points.length - 1];
    const found = await gather(
      executor,
      { points, weights: null },
      new ArrayBuffer(gatheredBytes(LOOKED_AT, features)),
    );
    for (let i = 0; i < points.length && chosen.length < count; i++) {
      const point = storedPoint(found, i, new Float64Array(features));
      if (!chosen.some((other) => other.every((value, j) => value === point[j]))) chosen.push(point);
    }
  }
  return chosen;
}
