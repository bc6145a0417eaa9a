import { copyComponent, type Mixture } from "../../mixture/mixture.ts";
import type { Random } from "../../random.ts";
import type { Iteration } from "../../step/iteration.ts";
import { isNumerical } from "../../step/numerical-failure.ts";
import { isFloored } from "../restarts.ts";
import { type Memberships, membershipsOf } from "./members.ts";
import { settled } from "./settle.ts";
import { type Split, type SplitGround, type SplitSettings, splitOf } from "./split.ts";

export interface ExchangeSettings {
  /** rounds for so many components, at least five */
  readonly roundsOfComponents: number;
  /** pairs tried in a round */
  readonly tries: number;
  readonly split: SplitSettings;
}

/** EM steps after an exchange, before it is judged, and after it was kept. */
const TRIAL_STEPS = 12;
const KEPT_STEPS = 5;
const LEAST_ROUNDS = 5;
/** By how much the mean log-likelihood must rise. */
const LEAST_RISE = 1e-5;

interface Pair {
  readonly dropped: number;
  readonly split: number;
  readonly halves: Mixture;
  /** gain − loss */
  readonly rise: number;
}

/** The split of every component, found once and kept until the component changes. */
class Splits {
  readonly #found = new Map<number, Split | null>();
  readonly #ground: SplitGround;
  readonly #settings: SplitSettings;
  readonly #random: Random;

  constructor(ground: SplitGround, settings: SplitSettings, random: Random) {
    this.#ground = ground;
    this.#settings = settings;
    this.#random = random;
  }

  /** Splits every component that has no split yet. */
  async find(mixture: Mixture, { members, masses }: Memberships): Promise<void> {
    for (let component = 0; component < mixture.components; component++) {
      if (this.#found.has(component)) continue;
      const own = { mixture, component, members: members[component], mass: masses[component] };
      this.#found.set(component, await splitOf(this.#ground, own, this.#settings, this.#random));
    }
  }

  /** The pairs that promise most, best first. */
  bestPairs({ losses }: Memberships, count: number): Pair[] {
    const pairs: Pair[] = [];
    for (const [split, found] of this.#found) {
      if (found === null) continue;
      losses.forEach((loss, dropped) => {
        if (dropped !== split) pairs.push({ dropped, split, halves: found.halves, rise: found.gain - loss });
      });
    }
    return pairs.sort((a, b) => b.rise - a.rise).slice(0, count);
  }

  /** Both components of a pair were replaced. */
  forget({ dropped, split }: Pair): void {
    this.#found.delete(dropped);
    this.#found.delete(split);
  }
}

/**
 * Repairs a mixture by exchange of components: the one that is missed least goes, and the one that gains most by a split
 * becomes two. An exchange is kept if the bound of the sample is higher some EM steps later.
 * in: a mixture of the sample, some steps of EM old; steps, after which no other round begins
 */
export async function exchanged(
  ground: SplitGround,
  start: Iteration,
  { steps, ...settings }: ExchangeSettings & { readonly steps: number },
  random: Random,
): Promise<Iteration> {
  let state = start;
  let taken = start.iteration;
  const splits = new Splits(ground, settings.split, random);
  const { components } = start.mixture;
  const rounds = components === 1 ? 0 : Math.max(LEAST_ROUNDS, Math.ceil(components * settings.roundsOfComponents));
  for (let round = 0; round < rounds && taken < steps; round++) {
    const memberships = await membershipsOf(ground.executor, state.mixture);
    await splits.find(state.mixture, memberships);
    const kept = await firstBetter(ground, state, splits.bestPairs(memberships, settings.tries));
    if (kept === null) break;
    state = kept.state;
    taken += kept.steps;
    splits.forget(kept.pair);
  }
  return state;
}

/** The first pair whose exchange is worth keeping, and the state some steps after it. */
async function firstBetter(
  { executor, rules }: SplitGround,
  state: Iteration,
  pairs: readonly Pair[],
): Promise<{ readonly state: Iteration; readonly pair: Pair; readonly steps: number } | null> {
  let steps = 0;
  for (const pair of pairs) {
    try {
      const tried = await settled(executor, withExchange(state.mixture, pair), rules, TRIAL_STEPS);
      steps += tried.iteration;
      if (isFloored(tried) || !(tried.lowerBound > state.lowerBound + LEAST_RISE)) continue;
      return { state: await settled(executor, tried.mixture, rules, KEPT_STEPS), pair, steps: steps + KEPT_STEPS };
    } catch (error) {
      if (!isNumerical(error)) throw error;
    }
  }
  return null;
}

/** The halves take the places of the component that is split and of the one that goes. */
function withExchange(mixture: Mixture, { dropped, split, halves }: Pair): Mixture {
  const weights = mixture.weights.slice();
  weights[dropped] = weights[split] * halves.weights[1];
  weights[split] *= halves.weights[0];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const next = {
    ...mixture,
    weights: weights.map((weight) => weight / total),
    means: mixture.means.slice(),
    meansResidual: mixture.meansResidual.slice(),
    packedCovariances: mixture.packedCovariances.slice(),
    factors: mixture.factors.slice(),
  };
  [split, dropped].forEach((to, half) => {
    copyComponent(halves, half, next, to);
  });
  return next;
}
