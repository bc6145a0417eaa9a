import type { Mixture, Seed, Transform, UsedKernel, Warning } from "@emix/core";

/** A value that JSON has. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object that JSON has. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** A model as every file format holds it: a mixture, what its features are, and how it came about. */
export interface Model extends About {
  /** the mixture of the transformed columns */
  readonly mixture: Mixture;
}

/** What a model says beside its mixture. */
export interface About {
  /** What the features are, d: names of columns, or name=SQL. */
  readonly columns?: readonly string[];
  /** What happens to each column before the mixture sees it, d. Default: nothing. */
  readonly transforms?: readonly Transform[];
  /** How likely the points were that the mixture was fitted to. */
  readonly outliers?: TailQuantiles;
  /** How the mixture was fitted. */
  readonly fit?: Provenance;
}

/**
 * Quantiles of log densities: a share `probabilities[i]` of the points' weight lies below `logDensities[i]`. Both rise, from probability 0 (the least likely point) to 1. Log densities are of the columns before `transforms`.
 */
export interface TailQuantiles {
  /** shares of the points' weight, from 0 to 1 */
  readonly probabilities: readonly number[];
  /** natural logarithms, one for each share */
  readonly logDensities: readonly number[];
}

/** How a model came about. Every field is absent where it is not known. */
export interface Provenance {
  /** the version of emix */
  readonly version?: string;
  /** the seed of the random numbers */
  readonly seed?: Seed;
  /** those given, by name */
  readonly options?: JsonObject;
  /** points that were fitted */
  readonly points?: number;
  /** how many rows were left out because they lack a number */
  readonly dropped?: number;
  /** what it was computed with (`FitResult.kernel`) */
  readonly kernel?: UsedKernel;
  /** the fingerprint of the points (`fingerprint`) */
  readonly fingerprint?: string;
  /** mean log-likelihood of a point; after variational inference the evidence lower bound, of all points */
  readonly lowerBound?: number;
  /** whether the best start met the tolerance */
  readonly converged?: boolean;
  /** EM steps of the best start */
  readonly iterations?: number;
  /** that the fit took, of all starts, without reading; of a selection, the fits of all its models */
  readonly seconds?: number;
  /** index of the best start */
  readonly restart?: number;
  /** what the stop rule compared, one number an iteration of the best start */
  readonly trace?: readonly number[];
  /** what happened on the way */
  readonly warnings?: readonly Warning[];
  /** how the file of the points was read, as the command says it */
  readonly reading?: JsonObject;
  /** what became of each start, the best one included */
  readonly starts?: readonly JsonObject[];
  /** the models that this one was selected from, with their criteria */
  readonly selection?: readonly JsonObject[];
}
