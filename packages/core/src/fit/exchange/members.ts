import type { Mixture } from "../../mixture/mixture.ts";
import { evaluate } from "../../passes/evaluation.ts";
import type { Executor } from "../../passes/executor.ts";

/** The points of a component: those with a responsibility above `LEAST`. */
export interface Members {
  /** indices */
  readonly points: number[];
  /** their weight times the responsibility */
  readonly masses: number[];
}

const LEAST = 0.01;

/** What responsibilities say about every component. */
export interface Memberships {
  readonly members: readonly Members[];
  /** k: Σ w r */
  readonly masses: Float64Array;
  /** k: what the log-likelihood would lose at most without the component, −Σ w log(1 − r) */
  readonly losses: Float64Array;
}

export async function membershipsOf(executor: Executor, mixture: Mixture): Promise<Memberships> {
  const { components } = mixture;
  const { count, pointWeights } = executor.tiles;
  const { responsibilities } = await evaluate(executor, mixture, ["responsibilities"]);
  const members = Array.from({ length: components }, (): Members => ({ points: [], masses: [] }));
  const masses = new Float64Array(components);
  const losses = new Float64Array(components);
  for (let i = 0, at = 0; i < count; i++) {
    const weight = pointWeights === null ? 1 : pointWeights[i];
    for (let c = 0; c < components; c++, at++) {
      const share = responsibilities[at];
      masses[c] += weight * share;
      losses[c] -= weight * Math.log(Math.max(1 - share, LEAST_REST));
      if (share <= LEAST) continue;
      members[c].points.push(i);
      members[c].masses.push(weight * share);
    }
  }
  return { members, masses, losses };
}

/** A point that belongs to nothing else would make the loss infinite. */
const LEAST_REST = 2 ** -1000;
