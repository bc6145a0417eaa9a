import type { Cluster, ClusterFitOptions, ClusterPoints } from "@emix/cluster";
import type { FitOptions, GaussianMixture, ResolvedFitOptions, Transform } from "@emix/core";
import { packsVectors } from "@emix/workers";
import { createCluster } from "../../cluster.ts";
import { type Description, windowEntropy } from "../../description.ts";
import { describeResult } from "../fitting/described.ts";
import { givenOptions, type ModelFlags, optionsOf, widthOfTerminal } from "../fitting/model-flags.ts";
import { type Numbering, requireNumbering } from "../fitting/order.ts";
import { modelOf } from "../fitting/provenance.ts";
import { timedFit } from "../fitting/timed-fit.ts";
import { nameOf } from "../input.ts";
import { fileOptionsOf } from "../input-flags.ts";
import type { OpenModel } from "../model.ts";
import { optionsFor, requireColumns } from "../model-input.ts";
import { abortOnInterrupt } from "../outputs/interrupts.ts";
import { type ModelOutput, writeModels } from "../outputs/model-outputs.ts";
import { openProgress } from "../progress/progress.ts";
import { report } from "../table/report.ts";
import { chosenLogarithms } from "../transforms.ts";

/** Flags of a fit on several machines. */
interface ClusterFlags extends ModelFlags {
  readonly cluster: string;
  readonly prefix?: string;
  readonly checkpoint?: string;
  readonly resume?: string;
}

interface ClusterFit {
  readonly path: string;
  readonly flags: ClusterFlags;
  /** resolved, of the flags or of the checkpoint */
  readonly options: ResolvedFitOptions;
  /** the model to start from */
  readonly from: OpenModel | undefined;
  readonly numbering: Numbering;
  readonly outputs: readonly ModelOutput[];
}

/** Fits files that the workers of a cluster read. */
export async function fitOnCluster(fit: ClusterFit): Promise<void> {
  const { cluster: url, prefix, threads } = fit.flags;
  const controller = new AbortController();
  const unheard = abortOnInterrupt(controller);
  const cluster = await createCluster({
    connection: { url, ...(prefix !== undefined && { prefix }) },
    ...(threads !== undefined && { threads }),
    ...(process.env.EMIX_KERNEL === undefined && { kernel: packsVectors() ? "auto256" : "auto" }),
  });
  try {
    await fitFiles(cluster, fit, controller.signal);
  } finally {
    unheard();
    await cluster.close();
  }
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
    const { points, transforms } = await loaded(cluster, path, { flags, from, signal });
    const { columns } = points;
    requireNumbering(numbering, columns.map(nameOf));
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
    const volumes = transforms === undefined ? null : await cluster.volumes(points, { signal });
    const prepared = { points, columns, ...{ transforms, fingerprint: undefined, volumes } };
    const whole = { ...prepared, reading: { paths: points.paths, rows: points.rows, dropped: points.dropped } };
    const described = await describeResult(whole, { result, numbering }, (mixture) =>
      describeOn(cluster, points, mixture, signal),
    );
    progress.end();
    await writeModels(
      outputs,
      modelOf(whole, described.fitted, { options: givenOptions(flags), seconds: seconds.fit }),
    );
    if (outputs.some(({ path: output }) => output === "-")) return;
    const cost = { seconds, speed: { busyCores, stepMilliseconds } };
    process.stdout.write(report({ prepared: whole, ...described, cost, width: widthOfTerminal() }));
  } finally {
    progress.end();
  }
}

/** The points as the mixture sees them. */
async function loaded(
  cluster: Cluster,
  path: string,
  { flags, from, signal }: Pick<ClusterFit, "flags" | "from"> & { readonly signal: AbortSignal },
): Promise<{ points: ClusterPoints; transforms: readonly Transform[] | undefined }> {
  const { like: _, ...read } = from === undefined ? fileOptionsOf(flags) : optionsFor(from, flags);
  const points = await cluster.load(path, { ...read, signal });
  if (from !== undefined) requireColumns(from, path, flags, points.columns);
  const transforms = from === undefined ? chosenLogarithms(points.columns, flags, path) : from.transforms;
  return { points: transforms === undefined ? points : points.transformed(transforms), transforms };
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

/** As `describePoints`, to the last bit. */
async function describeOn(
  cluster: Cluster,
  points: ClusterPoints,
  mixture: GaussianMixture,
  signal: AbortSignal,
): Promise<Description> {
  const { logDensities, entropies } = await cluster.describe(points, { mixture, signal });
  return { logDensities, entropy: windowEntropy(entropies, points.tiles.pointWeights) };
}
