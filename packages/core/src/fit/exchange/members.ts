import { logarithm } from "../../elementary/logarithm.ts";
import { greatest } from "../../linear-algebra/extremes.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { evaluateSome } from "../../passes/evaluation.ts";
import type { AnyExecutor } from "../../passes/executor.ts";
import type { Random } from "../../random.ts";

/** Points of a component, drawn among those with a responsibility above `LEAST`. */
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
  /** of the points of a component, at most `MOST_FAR` with the lowest densities, in no order */
  readonly far: readonly Members[];
  /** k: Σ w r */
  readonly masses: Float64Array;
  /** k: what the log-likelihood would lose at most without the component, −Σ w log(1 − r) */
  readonly losses: Float64Array;
}

/** One pass over the points. in: most, how many members of a component are drawn at most, all equally likely */
export async function membershipsOf(
  executor: AnyExecutor,
  mixture: Mixture,
  most: number,
  random: Random,
): Promise<Memberships> {
  const { components } = mixture;
  const { pointWeights } = executor.tiles;
  const draws = Array.from({ length: components }, () => new Draw(most, random));
  const masses = new Float64Array(components);
  const losses = new Float64Array(components);
  const lowest = Array.from({ length: components }, () => new Lowest());
  const quantities = ["responsibilities", "logDensities"] as const;
  await evaluateSome(executor, mixture, { quantities }, ({ responsibilities, logDensities }, firstPoint) => {
    for (let at = 0, i = firstPoint; at < responsibilities.length; i++) {
      const density = logDensities[i - firstPoint];
      const weight = pointWeights === null ? 1 : pointWeights[i];
      for (let c = 0; c < components; c++, at++) {
        const share = responsibilities[at];
        if (share === 0) continue;
        masses[c] += weight * share;
        losses[c] -= weight * logarithm(Math.max(1 - share, LEAST_REST));
        if (share > LEAST) draws[c].offer(i, weight * share);
        if (share > MOSTLY && weight > 0) lowest[c].offer(i, weight * share, density);
      }
    }
  });
  return {
    members: draws.map(({ members }) => members),
    far: lowest.map(({ members }) => members),
    ...{ masses, losses },
  };
}

const MOSTLY = 0.5;
const MOST_FAR = 32;

/** Keeps the points with the lowest densities. */
class Lowest {
  readonly members: Members = { points: [], masses: [] };
  readonly #densities: number[] = [];
  #greatest = Number.POSITIVE_INFINITY;

  offer(point: number, mass: number, density: number): void {
    if (!(density < this.#greatest)) return;
    const { points, masses } = this.members;
    const isFull = points.length === MOST_FAR;
    const place = isFull ? this.#densities.indexOf(this.#greatest) : points.length;
    points[place] = point;
    masses[place] = mass;
    this.#densities[place] = density;
    if (points.length === MOST_FAR) this.#greatest = greatest(this.#densities);
  }
}

/** A point that belongs to nothing else would make the loss infinite. */
const LEAST_REST = 2 ** -1000;

/** Draws some of many points without knowing how many there will be (Vitter 1985, algorithm R). */
class Draw {
  readonly members: Members = { points: [], masses: [] };
  readonly #most: number;
  readonly #random: Random;
  #seen = 0;

  constructor(most: number, random: Random) {
    this.#most = most;
    this.#random = random;
  }

  offer(point: number, mass: number): void {
    const { points, masses } = this.members;
    this.#seen++;
    const place = points.length < this.#most ? points.length : Math.floor(this.#random.uniform() * this.#seen);
    if (place >= this.#most) return;
    points[place] = point;
    masses[place] = mass;
  }
}
