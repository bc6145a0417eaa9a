import {
  absoluteRidge,
  addAll,
  badStatistics,
  blendSums,
  factsOf,
  GaussianMixture,
  invalidOption,
  type MixtureJson,
  maximumOf,
  numbersOf,
  onlyKnown,
  type StatisticsNumbers,
  type SufficientStatistics,
  sameMeasure,
  statisticsFrom,
} from "@emix/core";

/** Statistics as JSON, with every bit. */
export interface StatisticsJson extends StatisticsNumbers {
  /** says what the JSON is */
  readonly format: "emix-statistics";
  /** the version of the format */
  readonly version: 1;
  /** the mixture under which they were taken */
  readonly mixture: MixtureJson;
}

/** 0, or what is added to every variance. */
export type AbsoluteRegularization =
  | 0
  | {
      /** ε ≥ 0, in squared units of the data */
      readonly absolute: number;
    };

/** What `maximize` takes besides the statistics. */
export interface MaximizeOptions {
  /** 0, or `{ absolute }`: added to every variance. Default 0. */
  readonly regularization?: AbsoluteRegularization;
}

/**
 * What the M-step needs to know of points: the expected statistics of an E-step under a mixture. They do not grow with the points,
 * and those of several sets of points add up.
 */
export class MixtureStatistics {
  /** the mixture under which they were taken */
  readonly mixture: GaussianMixture;
  /** @internal */
  readonly statistics: SufficientStatistics;

  /** @internal Use `statistics` of an engine. */
  constructor(mixture: GaussianMixture, statistics: SufficientStatistics) {
    this.mixture = mixture;
    this.statistics = statistics;
  }

  /** Σ w, the total weight of the points; after `update`, as many as there were at first */
  get weightTotal(): number {
    return factsOf(this.statistics).weightTotal;
  }

  /** mean log-likelihood of the points under `mixture` */
  get lowerBound(): number {
    return factsOf(this.statistics).lowerBound;
  }

  /** k, the sum of the responsibilities of each component */
  get responsibilitySums(): Float64Array {
    return factsOf(this.statistics).responsibilitySums.slice();
  }

  /** Plain data for `JSON.stringify`, with every bit; `fromJSON` reads it. */
  toJSON(): StatisticsJson {
    const { statistics, mixture } = this;
    return { format: "emix-statistics", version: 1, mixture: mixture.toJSON(), ...numbersOf(statistics) };
  }

  /**
   * The inverse of `toJSON`, bit for bit.
   * @param json what JSON.parse returned
   * @throws BAD_MODEL_FILE
   */
  static fromJSON(json: unknown): MixtureStatistics {
    const given = (json ?? {}) as Partial<StatisticsJson>;
    if (given.format !== "emix-statistics" || given.version !== 1) throw badStatistics("format", json);
    const mixture = GaussianMixture.fromJSON(given.mixture);
    return new MixtureStatistics(mixture, statisticsFrom(given, mixture.parameters));
  }
}

/**
 * The statistics of several sets of points together. in: taken under one mixture, and one at least
 * @throws INVALID_OPTION
 */
export function mergeStatistics(parts: readonly MixtureStatistics[]): MixtureStatistics {
  if (!(Array.isArray(parts) && parts.length > 0)) throw invalidOption("parts", "an array of statistics", parts);
  for (const part of parts) requireAddable(parts[0], part);
  return new MixtureStatistics(parts[0].mixture, addAll(parts.map(({ statistics }) => statistics)));
}

/**
 * The M-step: the mixture that is likeliest by the statistics. After `engine.statistics` of all points, one step of EM.
 * @throws COLLAPSED_COMPONENT, OVERFLOW, UNDERFLOW, INVALID_OPTION, UNKNOWN_OPTION
 */
export function maximize(statistics: MixtureStatistics, options: MaximizeOptions = {}): GaussianMixture {
  const { regularization = 0 } = onlyKnown(options, ["regularization"]);
  const { statistics: own, mixture } = requireStatistics(statistics);
  return new GaussianMixture(maximumOf(own, mixture.parameters, absoluteRidge(regularization)));
}

/** Statistics after a step of stepwise EM. in: fresh, under a newer mixture; rate, above 0 and at most 1 */
export function afterUpdate(known: MixtureStatistics, fresh: MixtureStatistics, rate: number): MixtureStatistics {
  return new MixtureStatistics(fresh.mixture, blendSums(known.statistics, fresh.statistics, rate));
}

/** @throws INVALID_OPTION */
export function requireStatistics(statistics: unknown): MixtureStatistics {
  if (statistics instanceof MixtureStatistics) return statistics;
  throw invalidOption("statistics", "what `statistics` of an engine gave", statistics);
}

function requireAddable(first: MixtureStatistics, other: MixtureStatistics): void {
  const [a, b] = [requireStatistics(first), requireStatistics(other)];
  const [one, two] = [a, b].map(({ mixture }) => mixture.parameters);
  const sameShape = one.covarianceType === two.covarianceType && one.features === two.features;
  const underOne = one === two || JSON.stringify(a.mixture) === JSON.stringify(b.mixture);
  if (sameShape && underOne && sameMeasure(a.statistics, b.statistics)) return;
  throw invalidOption("parts", "statistics that were taken under one mixture", "some of another");
}
