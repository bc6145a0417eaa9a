import type { ClusterPoints, Cluster as FittingCluster } from "@emix/cluster";
import type { GaussianMixture } from "@emix/core";
import type { JsonObject } from "@emix/io";
import { packsVectors } from "@emix/workers";
import type { Cluster } from "../../cluster/cluster.ts";
import { createCluster } from "../../cluster/open.ts";
import { type Description, windowEntropy } from "../../description.ts";
import type { ModelFlags } from "../fitting/model-flags.ts";
import { type Numbering, requireNumbering } from "../fitting/order.ts";
import type { PreparedPoints } from "../fitting/provenance.ts";
import { type InputOptions, nameOf } from "../input.ts";
import { fileOptionsOf } from "../input-flags.ts";
import type { OpenModel } from "../model.ts";
import { optionsFor, requireColumns } from "../model-input.ts";
import { abortOnInterrupt } from "../outputs/interrupts.ts";
import { chosenLogarithms } from "../transforms.ts";
import type { ClusterFlags } from "./cluster-flags.ts";

/** Which machines, and how many threads of this one. */
interface Machines extends ClusterFlags {
  readonly cluster: string;
  readonly threads?: number;
}

/** Lends a cluster to some work, and closes it afterwards. Ctrl-C stops the work through its signal. */
export async function withCluster<T>(
  { cluster: url, prefix, threads }: Machines,
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
interface FilesToLoad {
  readonly flags: InputOptions;
  /** the model whose columns and transforms are taken */
  readonly of?: OpenModel | undefined;
  readonly signal: AbortSignal;
}

/** Has workers look at files. out: the points, transformed as a model does */
export async function loadOn(
  cluster: FittingCluster,
  path: string,
  { flags, of, signal }: FilesToLoad,
): Promise<ClusterPoints> {
  const read = of === undefined ? fileOptionsOf(flags) : optionsFor(of, flags);
  const points = await cluster.load(path, { ...read, signal });
  if (of === undefined) return points;
  requireColumns(of, path, flags, points.columns);
  return of.transforms === undefined ? points : points.withTransforms(of.transforms);
}

/** What a fit starts from. */
interface FitToPrepare extends Omit<FilesToLoad, "of"> {
  readonly flags: ModelFlags;
  /** the model to start from */
  readonly from?: OpenModel | undefined;
  readonly numbering: Numbering;
}

/** Loads points, which are transformed as the flags say, or as the model does that the fit starts from. */
export async function prepareOn(
  cluster: FittingCluster,
  path: string,
  { flags, from, numbering, signal }: FitToPrepare,
): Promise<PreparedPoints<ClusterPoints>> {
  const loaded = await loadOn(cluster, path, { flags, of: from, signal });
  const { columns, paths, rows, dropped } = loaded;
  requireNumbering(numbering, columns.map(nameOf));
  const transforms = from === undefined ? chosenLogarithms(columns, flags, path) : from.transforms;
  const points = from === undefined && transforms !== undefined ? loaded.withTransforms(transforms) : loaded;
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
