export {
  Cluster,
  type ClusterCriterionOptions,
  type ClusterFitOptions,
  type ClusterLoadOptions,
  type CreateClusterOptions,
} from "./driver/cluster.ts";
export { ClusterPoints } from "./driver/cluster-points.ts";
export type { ReadOptions } from "./protocol.ts";
export type { Connection } from "./redis/broker.ts";
export { ClusterWorker, type ClusterWorkerOptions } from "./worker/cluster-worker.ts";
