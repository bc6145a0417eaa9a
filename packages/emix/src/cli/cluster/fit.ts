import type { Cluster, ClusterFitOptions, ClusterPoints } from "@emix/cluster";
import type { FitOptions, ResolvedFitOptions } from "@emix/core";
import { describeResult } from "../fitting/described.ts";
import { givenOptions, type ModelFlags, optionsOf, widthOfTerminal } from "../fitting/model-flags.ts";
import type { Numbering } from "../fitting/order.ts";
import { modelOf } from "../fitting/provenance.ts";
import { timedFit } from "../fitting/timed-fit.ts";
import type { OpenModel } from "../model.ts";
import { type ModelOutput, writeModels } from "../outputs/model-outputs.ts";
import { openProgress } from "../progress/progress.ts";
import { report } from "../table/report.ts";
import { describeOn, prepareOn, withCluster } from "./with-cluster.ts";

interface ClusterFitFlags extends ModelFlags {
  readonly cluster: string;
  readonly checkpoint?: string;
  readonly resume?: string;
}

interface ClusterFit {
  readonly path: string;
  readonly flags: ClusterFitFlags;
  /** resolved, of the flags or of the checkpoint */
  readonly options: ResolvedFitOptions;
  /** the model to start from */
  readonly from: OpenModel | undefined;
  readonly numbering: Numbering;
  readonly outputs: readonly ModelOutput[];
}

/** Fits files that the workers of a cluster read. */
export async function fitOnCluster(fit: ClusterFit): Promise<void> {
  await withCluster(fit.flags, (cluster, signal) => fitFiles(cluster, fit, signal));
}

async function fitFiles(
  cluster: Cluster,
  { path, flags, options, from, numbering, outputs }: ClusterFit,
  signal: AbortSignal,
): Promise<void> {
  const progress = openProgress(flags);
  try {
    const began = performance.now();
    progress.stage("reading", path);
    const prepared = await prepareOn(cluster, path, { flags, from, numbering, signal });
    const { points } = prepared;
    const read = performance.now();
    const { result, busyCores, stepMilliseconds } = await timedFit(
      (onStep) =>
        begin(cluster, points, { flags, from }, { signal, onStep, onWorkers: (shares) => progress.workers(shares) }),
      options,
      points.count,
      progress,
    );
    const seconds = { read: (read - began) / 1000, fit: (performance.now() - read) / 1000 };
    progress.stage("scoring", path);
    const described = await describeResult(prepared, { result, numbering }, (mixture) =>
      describeOn(cluster, points, mixture, signal),
    );
    progress.end();
    await writeModels(outputs, () =>
      modelOf(prepared, described.fitted, { options: givenOptions(flags), seconds: seconds.fit }),
    );
    if (outputs.some(({ path: output }) => output === "-")) return;
    const cost = { seconds, speed: { busyCores, stepMilliseconds } };
    process.stdout.write(report({ prepared, ...described, cost, width: widthOfTerminal() }));
  } finally {
    progress.end();
  }
}

/** Begins a fit, or goes on from a checkpoint. */
function begin(
  cluster: Cluster,
  points: ClusterPoints,
  { flags, from }: Pick<ClusterFit, "flags" | "from">,
  call: Required<Pick<ClusterFitOptions, "signal" | "onStep" | "onWorkers">>,
) {
  const { checkpoint: path, resume } = flags;
  if (resume !== undefined) return cluster.resume(resume, points, call);
  const options = optionsOf(flags, from?.mixture) as FitOptions; // the number of components was asked for before
  return cluster.fit(points, { ...options, ...call, ...(path !== undefined && { checkpoint: { path } }) });
}
