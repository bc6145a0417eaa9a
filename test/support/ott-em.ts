import type { MixtureParameters } from "@emix/core";
import type { ExpectedParameters } from "./check-fit.ts";
import { golden, type OrSameAs, resolved } from "./golden.ts";

interface OttEmEntry {
  readonly name: string;
  readonly points: OrSameAs<number[][]>;
  readonly pointWeights: number[] | null;
  readonly init: OrSameAs<MixtureParameters>;
  readonly nSteps: number;
  readonly expected: {
    readonly initial: {
      readonly assignmentProbs: number[][];
      readonly q: number;
      readonly logProbLoss: number;
      readonly logProb: number[];
      readonly conditionalLogProbFirst3: number[][];
    };
    readonly steps: { readonly q: number; readonly logProbLoss: number }[];
    readonly iterates: Record<string, ExpectedParameters>;
  };
}

/** A case of ott-em.json with nothing left to look up. */
export interface OttEmCase extends OttEmEntry {
  readonly points: number[][];
  readonly init: MixtureParameters;
}

export function ottEmCases(): OttEmCase[] {
  const { cases } = golden<{ cases: OttEmEntry[] }>("ott-em");
  return cases.map((given) => ({
    ...given,
    points: resolved(cases, given.points, (entry) => entry.points),
    init: resolved(cases, given.init, (entry) => entry.init),
  }));
}
