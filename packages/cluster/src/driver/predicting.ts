import { featuresMismatch, GaussianMixture, invalidOption, onlyKnown, requireInteger } from "@emix/core";
import { tableFormatOf } from "@emix/io";
import { requireOutputs } from "../output-path.ts";
import type { PredictRequest } from "../protocol.ts";
import type { ClusterPoints } from "./cluster-points.ts";
import type { ClusterPredictOptions } from "./options.ts";
import type { PartitionRange } from "./partitions.ts";

/** @throws UNKNOWN_OPTION, INVALID_OPTION, FEATURES_MISMATCH, UNKNOWN_FORMAT */
export function predictRequestOf(
  points: ClusterPoints,
  options: ClusterPredictOptions,
): { readonly request: PredictRequest; readonly signal: AbortSignal | undefined } {
  const names = ["mixture", "output", "top", "probabilities", "signal"] as const;
  const { mixture, output, top = 1, probabilities: proba = false, signal } = onlyKnown(options, names);
  if (!(mixture instanceof GaussianMixture)) throw invalidOption("mixture", "a GaussianMixture", mixture);
  requireFeatures(mixture, points);
  requireInteger("top", top, 1);
  if (typeof proba !== "boolean") throw invalidOption("probabilities", "true or false", proba);
  requireOutputs(output, points.paths);
  tableFormatOf(output);
  return { request: { plan: points.plan, mixture, output, top, proba }, signal };
}

/** @throws FEATURES_MISMATCH */
export function requireFeatures({ features }: { readonly features: number }, points: ClusterPoints): void {
  if (features !== points.features) throw featuresMismatch(features, points.features);
}

/** A range for each file, shared out among those who have the points. */
export function filesOf({ paths, owners }: Pick<ClusterPoints, "paths" | "owners">): PartitionRange[] {
  return paths.map((_, i) => ({ partition: i % owners.length, first: i, end: i + 1 }));
}
