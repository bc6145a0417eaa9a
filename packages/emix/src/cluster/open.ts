import type { ClusterWorker, ClusterWorkerOptions, CreateClusterOptions } from "@emix/cluster";
import type { Cluster } from "./cluster.ts";

// Clusters are loaded when they are asked for: few programs have one.

/**
 * Connects to the Redis of a cluster, whose workers (`emix worker`) read files and fit mixtures to them.
 * Rejects with UNKNOWN_OPTION, INVALID_OPTION or CLUSTER_REDIS.
 */
export async function createCluster(options: CreateClusterOptions): Promise<Cluster> {
  const { Cluster } = await import("./cluster.ts");
  return new Cluster(await Cluster.connect(options));
}

/**
 * Starts a worker of a cluster in this process, as `emix worker` does.
 * Rejects with CLUSTER_REDIS, INVALID_OPTION or THREAD_NOT_STARTED.
 */
export async function startClusterWorker(options: ClusterWorkerOptions): Promise<ClusterWorker> {
  const cluster = await import("@emix/cluster");
  return cluster.ClusterWorker.start(options);
}
