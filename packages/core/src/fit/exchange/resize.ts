import { covarianceRow } from "../../covariance/types.ts";
import { normalize } from "../../linear-algebra/sum.ts";
import { copyComponent, type Mixture, withoutComponents } from "../../mixture/mixture.ts";
import type { Random } from "../../random.ts";
import { type Iteration, startFrom } from "../../step/iteration.ts";
import { membershipsOf } from "./members.ts";
import { settle } from "./settle.ts";
import type { SplitContext, SplitSettings } from "./split.ts";
import { type ComponentSplit, Splits } from "./splits.ts";

/** EM steps after some components were split or dropped. */
const STEPS = 5;
/** At most such a share of the components is split or dropped before the others may adapt. */
const SHARE = 0.25;

export interface ResizeSettings {
  /** how many are wanted */
  readonly components: number;
  readonly split: SplitSettings;
  /** as of `StartJob` */
  readonly isThin: boolean;
}

/**
 * Gives a mixture as many components as are wanted: those that gain most are split, or those that are missed least go,
 * with some steps of EM in between, unless the sample is thin. out: null if no split is sound
 */
export async function resize(
  context: SplitContext,
  mixture: Mixture,
  { components, split, isThin }: ResizeSettings,
  random: Random,
): Promise<Iteration | null> {
  const splits = new Splits(context, split, random);
  let state = startFrom(mixture);
  while (state.mixture.components !== components) {
    const now = state.mixture;
    const memberships = await membershipsOf(context.executor, now, split.points, random);
    const atOnce = Math.min(Math.abs(components - now.components), Math.ceil(now.components * SHARE));
    let next: Mixture;
    if (now.components < components) {
      await splits.find(now, memberships);
      const chosen = splits.best(atOnce);
      if (chosen.length === 0) return null;
      splits.forget(chosen.map(({ component }) => component));
      next = withSplits(now, chosen);
    } else {
      next = withoutLeast(now, memberships.losses, atOnce);
    }
    // On a thin sample, components would follow its few points and forget the others.
    if (isThin) state = startFrom(next);
    else state = await settle(context.executor, next, { ...context.rules, emptyComponent: "reseed" }, STEPS);
  }
  return state;
}

/** One half takes the place of its component, the other comes after all. */
function withSplits(mixture: Mixture, splits: readonly ComponentSplit[]): Mixture {
  const { components, covarianceType } = mixture;
  const { shared } = covarianceRow(covarianceType);
  const longer = (values: Float64Array) => {
    const out = new Float64Array((values.length / components) * (components + splits.length));
    out.set(values);
    return out;
  };
  const own = shared ? (values: Float64Array) => values.slice() : longer;
  const next = {
    ...mixture,
    components: components + splits.length,
    weights: longer(mixture.weights),
    means: longer(mixture.means),
    meansResidual: longer(mixture.meansResidual),
    packedCovariances: own(mixture.packedCovariances),
    factors: own(mixture.factors),
  };
  splits.forEach(({ component, halves }, i) => {
    const weight = mixture.weights[component];
    [component, components + i].forEach((to, half) => {
      copyComponent(halves, half, next, to);
      next.weights[to] = weight * halves.weights[half];
    });
  });
  return next;
}

function withoutLeast(mixture: Mixture, losses: Float64Array, count: number): Mixture {
  const order = [...losses.keys()].sort((a, b) => losses[a] - losses[b]);
  const next = withoutComponents(mixture, new Set(order.slice(0, count)));
  return { ...next, weights: normalize(next.weights) };
}
