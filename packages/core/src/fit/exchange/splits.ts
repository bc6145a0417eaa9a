import type { Mixture } from "../../mixture/mixture.ts";
import type { Random } from "../../random.ts";
import type { Memberships } from "./members.ts";
import { type Split, type SplitContext, type SplitSettings, splitOf } from "./split.ts";

/** An exchange that may be tried. */
export interface Pair {
  readonly dropped: number;
  readonly split: number;
  readonly halves: Mixture;
  /** gain − loss */
  readonly rise: number;
}

/** The split of one component. */
export interface ComponentSplit extends Split {
  readonly component: number;
}

/** The split of every component, found once and kept until the component changes. */
export class Splits {
  readonly #found = new Map<number, Split | null>();
  readonly #context: SplitContext;
  readonly #settings: SplitSettings;
  readonly #random: Random;

  constructor(context: SplitContext, settings: SplitSettings, random: Random) {
    this.#context = context;
    this.#settings = settings;
    this.#random = random;
  }

  /** Splits every component that has no split yet. */
  async find(mixture: Mixture, { members, masses }: Memberships): Promise<void> {
    for (let component = 0; component < mixture.components; component++) {
      if (this.#found.has(component)) continue;
      const own = { mixture, component, members: members[component], mass: masses[component] };
      this.#found.set(component, await splitOf(this.#context, own, this.#settings, this.#random));
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

  /** The components that gain most by a split, best first. */
  best(count: number): ComponentSplit[] {
    const all: ComponentSplit[] = [];
    for (const [component, found] of this.#found) if (found !== null) all.push({ component, ...found });
    return all.sort((a, b) => b.gain - a.gain).slice(0, count);
  }

  /** These components were replaced. */
  forget(components: readonly number[]): void {
    for (const component of components) this.#found.delete(component);
  }
}
