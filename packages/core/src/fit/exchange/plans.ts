import type { CovarianceType } from "../../covariance/types.ts";
import type { DistancePower } from "../../kernels/distance-kernel.ts";
import type { ExchangeSettings } from "./exchange.ts";
import type { Metric } from "./metric.ts";

/** How the centres of a start are drawn: k-means++ by a power of the distance in a metric. */
export interface StartKind {
  readonly metric: Metric;
  readonly power: DistancePower;
  /** the shape that covariances have while components are exchanged; then they are widened. Default: that of the fit */
  readonly exchangedAs?: CovarianceType;
}

export interface ExchangedStartSettings {
  /** The best of these on the sample is the start. */
  readonly kinds: readonly StartKind[];
  /** points in the sample, at least, where the points are as many */
  readonly leastSample: number;
  readonly exchange: ExchangeSettings;
  /** names the random numbers */
  readonly purpose: string;
}

/** A start without its random numbers. */
export type StartPlan = Omit<ExchangedStartSettings, "purpose">;

const D2 = { metric: "standardized", power: 2 } as const;
const D1 = { metric: "standardized", power: 1 } as const;
const WHITENED_D2 = { metric: "whitened", power: 2 } as const;
const WHITENED_D1 = { metric: "whitened", power: 1 } as const;

/** What a start also tries where its sample has too few points for full covariances; it costs little beside the others. */
export const THIN_KIND: StartKind & { readonly exchangedAs: CovarianceType } = { ...D2, exchangedAs: "diag" };

/** How a mixture to start from gets another number of components. */
export const RESIZING: StartPlan = {
  kinds: [D2],
  leastSample: 4000,
  exchange: { roundsOfComponents: 0.3, tries: 1, split: { points: 500, steps: 8 } },
};

/** How a fit is repaired on all points. */
export const REFINING: StartPlan["exchange"] = {
  roundsOfComponents: 0.5,
  tries: 2,
  split: { points: 1000, steps: 8 },
};

/** The starts that are repaired by exchange, by the name of the initialization (docs/guide/best-optimum.md has their figures). */
export const START_PLANS: Partial<Record<string, StartPlan>> = {
  fast: {
    kinds: [D1],
    leastSample: 1000,
    exchange: { roundsOfComponents: 0.3, tries: 1, split: { points: 300, steps: 8 } },
  },
  default: {
    kinds: [D2, D1, WHITENED_D2, D1],
    leastSample: 4000,
    exchange: { roundsOfComponents: 0.5, tries: 2, split: { points: 500, steps: 8 } },
  },
  thorough: {
    kinds: [D2, D1, WHITENED_D2, D1, WHITENED_D1, D2],
    leastSample: 4000,
    exchange: { roundsOfComponents: 1, tries: 3, split: { points: 500, steps: 8 } },
  },
};
