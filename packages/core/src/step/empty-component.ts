import { copyMatrix } from "../covariance/covariances.ts";
import { emptyComponent } from "../errors.ts";
import { copyWith, type Mixture, withoutComponents } from "../mixture/mixture.ts";
import { evaluate } from "../passes/evaluation.ts";
import type { Executor } from "../passes/executor.ts";
import { storedPoint, type Tiles } from "../points/tiles.ts";
import type { Iteration } from "./iteration.ts";
import type { Maximum } from "./maximum.ts";
import type { EmptyComponentPolicy } from "./policies.ts";

/** Times that components of one start are reseeded, per component of the mixture; what is empty then stays so. */
const MOST_RESEEDS = 2;
/** Applies the policy to the empty components of a mixture. @throws EMPTY_COMPONENT */
export async function replaceEmpty(
  executor: Executor,
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
  return { mixture: await reseed(executor, next.mixture, empty), warnings };
}

/**
 * Moves each empty component to another of the points with the lowest density (the first of a tie), with the shape of
 * the heaviest component and half an equal share of the weight.
 */
async function reseed(executor: Executor, mixture: Mixture, empty: readonly number[]): Promise<Mixture> {
  const { logDensities } = await evaluate(executor, mixture, ["logDensities"]);
  const { components, features, weights } = mixture;
  const heaviest = weights.indexOf(weights.reduce((most, weight) => Math.max(most, weight), 0));
  const share = 1 / (2 * components);
  const left = 1 - share * empty.length;
  const next = copyWith(
    mixture,
    weights.map((weight, component) => (empty.includes(component) ? share : weight * left)),
  );
  const points = worstExplained(executor.tiles, logDensities, empty.length);
  empty.forEach((component, index) => {
    next.means.set(points[index % points.length], component * features);
    next.meansResidual.fill(0, component * features, (component + 1) * features);
    copyMatrix(next, heaviest, next, component);
  });
  return next;
}

/** Up to `count` different points of lowest density, worst first, in stored units. */
function worstExplained(tiles: Tiles, logDensities: Float64Array, count: number): Float64Array[] {
  const chosen: Float64Array[] = [];
  const point = new Float64Array(tiles.features);
  const taken = (index: number): boolean => {
    storedPoint(tiles, index, point);
    return chosen.some((other) => other.every((value, j) => value === point[j]));
  };
  while (chosen.length < count) {
    let worst = -1;
    for (let i = 0; i < tiles.count; i++) {
      if (tiles.pointWeights !== null && tiles.pointWeights[i] === 0) continue;
      if ((worst < 0 || logDensities[i] < logDensities[worst]) && !taken(i)) worst = i;
    }
    if (worst < 0) break;
    chosen.push(storedPoint(tiles, worst, new Float64Array(tiles.features)));
  }
  return chosen;
}
