import type { ClusterPoints, Cluster as FittingCluster } from "@emix/cluster";
import type { GaussianMixture } from "@emix/core";
import type { JsonObject } from "@emix/io";
import { packsVectors } from "@emix/workers";
import type { Cluster } from "../../cluster/cluster.ts";
import { createCluster } from "../../cluster/open.ts";
import { type Description, windowEntropy } from "../../description.ts";
import type { ModelFlags } from "../fitting/model-flags.ts";
import { type Numbering, requireNumbering } from "../fitting/order.ts";
import type { Prepared } from "../fitting/provenance.ts";
import { nameOf } from "../input.ts";
import { fileOptionsOf } from "../input-flags.ts";
import type { OpenModel } from "../model.ts";
import { optionsFor, requireColumns } from "../model-input.ts";
import { abortOnInterrupt } from "../outputs/interrupts.ts";
import { chosenLogarithms } from "../transforms.ts";

/** Flags of a command that works on several machines. */
export interface ClusterFlags extends ModelFlags {
  readonly cluster: string;
  readonly prefix?: string;
}

/** Lends a cluster to some work, and closes it afterwards. Ctrl-C stops the work through its signal. */
export async function withCluster<T>(
  { cluster: url, prefix, threads }: ClusterFlags,
  work: (cluster: Cluster, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const unheard = abortOnInterrupt(controller);
  const cluster = await createCluster({
    connection: { url, ...(prefix !== undefined && { prefix }) },
    ...(threads !== undefined && { threads }),
    ...(process.env.EMIX_KERNEL === undefined && { kernel: packsVectors() ? "auto256" : "auto" }),
  });
  try {
    return await work(cluster, controller.signal);
  } finally {
    unheard();
    await cluster.close();
  }
}

/** How files are taken in. */
interface Preparing {
  readonly flags: ModelFlags;
  /** the model to start from */
  readonly from?: OpenModel | undefined;
  readonly numbering: Numbering;
  readonly signal: AbortSignal;
}

/** Has workers look at files, whose points are transformed as the flags say, or as the model does that the fit starts from. */
export async function prepareOn(
  cluster: FittingCluster,
  path: string,
  { flags, from, numbering, signal }: Preparing,
): Promise<Prepared<ClusterPoints>> {
  const { like: _, ...read } = from === undefined ? fileOptionsOf(flags) : optionsFor(from, flags);
  const loaded = await cluster.load(path, { ...read, signal });
  const { columns, paths, rows, dropped } = loaded;
  if (from !== undefined) requireColumns(from, path, flags, columns);
  requireNumbering(numbering, columns.map(nameOf));
  const transforms = from === undefined ? chosenLogarithms(columns, flags, path) : from.transforms;
  const points = transforms === undefined ? loaded : loaded.transformed(transforms);
  const volumes = transforms === undefined ? null : await cluster.volumes(points, { signal });
  const reading: JsonObject = { paths, rows, dropped };
  return { points, columns, transforms, fingerprint: undefined, volumes, reading };
}

/** As `describePoints`, to the last bit. */
export async function describeOn(
  cluster: FittingCluster,
  points: ClusterPoints,
  mixture: GaussianMixture,
  signal: AbortSignal,
): Promise<Description> {
  const { logDensities, entropies } = await cluster.describe(points, { mixture, signal });
  return { logDensities, entropy: windowEntropy(entropies, points.tiles.pointWeights) };
}
