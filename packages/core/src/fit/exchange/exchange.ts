import { normalize } from "../../linear-algebra/sum.ts";
import { copyComponent, copyWith, type Mixture } from "../../mixture/mixture.ts";
import type { Random } from "../../random.ts";
import type { Iteration } from "../../step/iteration.ts";
import { isNumerical } from "../../step/numerical-failure.ts";
import type { GoOn } from "../../step/short/short-run.ts";
import { isFloored } from "../restarts.ts";
import { cheapHandOvers, withHandOver } from "./hand-over.ts";
import { type Memberships, membershipsOf } from "./members.ts";
import { settle } from "./settle.ts";
import type { SplitContext, SplitSettings } from "./split.ts";
import { type Pair, Splits } from "./splits.ts";

export interface ExchangeSettings {
  /** rounds for so many components, at least five */
  readonly roundsOfComponents: number;
  /** pairs tried in a round, and hand-overs */
  readonly tries: number;
  readonly split: SplitSettings;
}

/**
 * EM steps after a change, before it is judged, and after it was kept. A change that would not rise enough with
 * gains as large as the last one in all steps that are left is judged at once.
 */
const TRIAL_STEPS = 12;
const KEPT_STEPS = 5;
const LEAST_ROUNDS = 5;
/** By how much the mean log-likelihood must rise. */
const LEAST_RISE = 1e-5;

/**
 * Repairs a mixture by exchange of components: the one that is missed least goes, and the one that gains most by a split
 * becomes two; or a component hands its far points over. A change is kept if the bound of the sample is higher some EM steps
 * later.
 * in: a mixture of the sample, some steps of EM old; steps, after which no other round begins
 */
export async function exchangeComponents(
  context: SplitContext,
  start: Iteration,
  { steps, tries, ...settings }: ExchangeSettings & { readonly steps: number },
  random: Random,
): Promise<Iteration> {
  let state = start;
  let taken = start.iteration;
  const splits = new Splits(context, settings.split, random);
  const { components } = start.mixture;
  const rounds = components === 1 ? 0 : Math.max(LEAST_ROUNDS, Math.ceil(components * settings.roundsOfComponents));
  for (let round = 0; round < rounds && taken < steps; round++) {
    const memberships = await membershipsOf(context.executor, state.mixture, settings.split.points, random);
    await splits.find(state.mixture, memberships);
    const pairs = splits.bestPairs(memberships, tries);
    const kept = await firstBetter(context, state, changesOf(context, state.mixture, memberships, { pairs, tries }));
    if (kept === null) break;
    state = kept.state;
    taken += kept.steps;
    splits.forget(kept.change.components);
  }
  return state;
}

/** The first change that is worth keeping, and the state some steps after it. */
async function firstBetter(
  { executor, rules }: SplitContext,
  state: Iteration,
  changes: AsyncIterable<Change>,
): Promise<{ readonly state: Iteration; readonly change: Change; readonly steps: number } | null> {
  let steps = 0;
  const goal = state.lowerBound + LEAST_RISE;
  const goOn: GoOn = ({ lowerBound, gain, iteration }) => lowerBound + gain * (TRIAL_STEPS - iteration) > goal;
  for await (const change of changes) {
    try {
      const changed = await change.make();
      if (changed === null) continue;
      const tried = await settle(executor, changed, { ...rules, goOn }, TRIAL_STEPS);
      steps += tried.iteration;
      if (isFloored(tried) || !(tried.lowerBound > goal)) continue;
      return { state: await settle(executor, tried.mixture, rules, KEPT_STEPS), change, steps: steps + KEPT_STEPS };
    } catch (error) {
      if (!isNumerical(error)) throw error;
    }
  }
  return null;
}

/** A change of a mixture that may be worth trying. */
interface Change {
  /** those that it replaces */
  readonly components: readonly number[];
  /** out: null if it cannot be made */
  readonly make: () => Promise<Mixture | null>;
}

/** Exchanges, then hand-overs, which are looked for once no exchange was kept. */
async function* changesOf(
  context: SplitContext,
  mixture: Mixture,
  memberships: Memberships,
  { pairs, tries }: { readonly pairs: readonly Pair[]; readonly tries: number },
): AsyncGenerator<Change, void> {
  for (const pair of pairs) {
    yield { components: [pair.split, pair.dropped], make: async () => withExchange(mixture, pair) };
  }
  for (const one of await cheapHandOvers(context, mixture, memberships, tries)) {
    yield { components: [one.from, one.to], make: () => withHandOver(context, mixture, memberships, one) };
  }
}

/** The halves take the places of the component that is split and of the one that goes. */
function withExchange(mixture: Mixture, { dropped, split, halves }: Pair): Mixture {
  const weights = mixture.weights.slice();
  weights[dropped] = weights[split] * halves.weights[1];
  weights[split] *= halves.weights[0];
  const next = copyWith(mixture, normalize(weights));
  [split, dropped].forEach((to, half) => {
    copyComponent(halves, half, next, to);
  });
  return next;
}
