import { modePrior } from "./mode.ts";
import { noPrior, type Prior, type PriorFacts } from "./prior.ts";
import { variationalPrior } from "./variational.ts";

/** The prior that its facts describe. */
export function priorOf(facts: PriorFacts): Prior {
  switch (facts.kind) {
    case "none":
      return noPrior;
    case "mode":
      return modePrior(facts.conjugate);
    case "variational":
      return variationalPrior(facts.conjugate, facts.setting);
  }
}
