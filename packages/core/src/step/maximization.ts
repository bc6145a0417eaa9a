import { EMPTY_MASS, type Estimate } from "../components/estimate.ts";
import { COLLAPSED, verdicts } from "../components/resolution/collapse.ts";
import { regularizeCovariances } from "../covariance/covariances.ts";
import { regularizes } from "../covariance/regularization.ts";
import { matrixCount } from "../covariance/shape.ts";
import { collapsedComponent } from "../errors.ts";
import { copyOf } from "../linear-algebra/doubles.ts";
import { normalize, sum } from "../linear-algebra/sum.ts";
import { copyComponent, type Mixture } from "../mixture/mixture.ts";
import { requireNormalVariances } from "../mixture/units.ts";
import { tellInflations } from "../statistics/frames.ts";
import type { Warning } from "../warnings.ts";
import type { ListedPoints } from "./densities.ts";
import { replaceEmpty } from "./empty-component.ts";
import { holdEstimate, holdMaximum } from "./fixed.ts";
import type { Iteration } from "./iteration.ts";
import type { Maximum } from "./maximum.ts";
import type { Rules } from "./rules.ts";

/**
 * The M-step. It applies the floor, handles empty components, and leaves fixed parts alone.
 * in: what the E-step found; the state with which the iteration began. All mixtures are in stored units.
 * @throws COLLAPSED_COMPONENT, EMPTY_COMPONENT, OVERFLOW, UNDERFLOW
 */
export async function maximization(
  listed: ListedPoints,
  expected: Estimate,
  state: Pick<Iteration, "mixture" | "reseeds">,
  rules: Rules,
): Promise<Maximum> {
  const emptyMass = rules.emptyComponent === "keep" ? 0 : EMPTY_MASS;
  const { fixed } = rules;
  const held = fixed === null ? expected : holdEstimate(expected, state.mixture, fixed);
  const next = maximum(held, rules, { previous: state.mixture, emptyMass });
  const replaced = await replaceEmpty(listed, next, state, rules.emptyComponent);
  return fixed === null ? replaced : holdMaximum(replaced, state.mixture, fixed);
}

/** The rules that the M-step of an estimate obeys. */
export type Limits = Pick<Rules, "regularization" | "resolution">;

/** How components without points are handled. */
interface WhereEmpty {
  /** the mixture whose mean and covariance such a component keeps; without it, an empty component is an error */
  readonly previous?: Mixture;
  /** the share of the total mass up to which a component counts as empty; default 0 */
  readonly emptyMass?: number;
}

/**
 * The M-step of every component (derivation.md eq. 8–12): weights N/ΣN, means pivot + δ as two doubles, and covariances
 * about the new means, with floor and ridge.
 * @throws COLLAPSED_COMPONENT, OVERFLOW, UNDERFLOW
 */
export function maximum(given: Estimate, limits: Limits, { previous, emptyMass = 0 }: WhereEmpty = {}): Maximum {
  const { components, features, covarianceType } = given.statistics.layout;
  const masses = copyOf(given.shares);
  const empty = emptyOf(masses, emptyMass);
  for (const component of empty) masses[component] = 0;
  if (empty.length > 0 && previous === undefined) throw collapsedComponent(empty[0], components, 0, features, 0);
  const next = {
    ...{ components, features, covarianceType, weights: normalize(masses) },
    means: copyOf(given.means),
    meansResidual: copyOf(given.meansResidual),
    packedCovariances: given.limited?.packedCovariances ?? copyOf(given.packedCovariances),
    factors: given.limited?.factors ?? copyOf(given.factors),
    ...(given.posterior && { posterior: given.posterior }),
  };
  const keepEmpty = () => {
    for (const component of empty) copyComponent(previous as Mixture, component, next);
  };
  keepEmpty();
  const warnings: Warning[] = [
    ...empty.map((component): Warning => ({ code: "EMPTY_COMPONENT", component })),
    ...collapses({ ...given, masses }, limits),
  ];
  const directions = given.directions?.slice();
  if (directions !== undefined) for (const component of empty) directions[component] = undefined;
  const floored = given.limited?.floored ?? regularizeCovariances({ ...next, directions }, next, limits.regularization);
  for (const { component, rank } of floored) {
    if (masses[component] > 0) warnings.push({ code: "SINGULAR_COVARIANCE", component, rank });
  }
  if (given.limited !== undefined && empty.length === 0) tellInflations(next, given.limited.inflations);
  keepEmpty(); // again: a ridge must not be added to what stays as it was
  requireFinite(next, masses);
  requireNormalVariances(next);
  return { mixture: next, warnings };
}

/** Components whose share of the total mass is at most `emptyMass`. */
function emptyOf(masses: Float64Array, emptyMass: number): number[] {
  const total = sum(masses);
  const empty: number[] = [];
  for (let c = 0; c < masses.length; c++) if (!(masses[c] > emptyMass * total)) empty.push(c);
  return empty;
}

/** Warnings about components near the resolution of the data. @throws COLLAPSED_COMPONENT without regularization */
function collapses(given: Estimate, { regularization, resolution }: Limits): Warning[] {
  const { components, features } = given.statistics.layout;
  const found = given.limited?.verdicts.filter(({ component }) => given.masses[component] > 0);
  return (found ?? verdicts(given, resolution)).map((verdict): Warning => {
    const { component, rank } = verdict;
    const collapsed = verdict.resolution >= COLLAPSED;
    if (!collapsed) return { code: "NEAR_RESOLUTION", component, resolution: verdict.resolution };
    if (regularizes(regularization)) return { code: "COLLAPSED_COMPONENT", component, rank };
    throw collapsedComponent(component, components, given.masses[component], features, rank);
  });
}

/** @throws COLLAPSED_COMPONENT for the first component with a factor that is not finite */
function requireFinite({ components, features, covarianceType, factors }: Mixture, masses: Float64Array): void {
  let index = 0;
  while (index < factors.length && Number.isFinite(factors[index])) index++;
  if (index === factors.length) return;
  const component = Math.floor((index * matrixCount(covarianceType, components)) / factors.length);
  throw collapsedComponent(component, components, masses[component], features, 0);
}
