export { Cluster } from "./driver/cluster.ts";
export { ClusterPoints } from "./driver/cluster-points.ts";
export type {
  ClusterCriterionOptions,
  ClusterFitOptions,
  ClusterLoadOptions,
  ClusterPredictOptions,
  ClusterResumeOptions,
  CreateClusterOptions,
} from "./driver/options.ts";
export type { WorkerShare } from "./driver/shares.ts";
export type { ClusterStatus, WorkerStatus } from "./driver/status.ts";
export type { PredictedFile, ReadOptions } from "./protocol.ts";
export type { JobCounts } from "./redis/broker.ts";
export type { Connection } from "./redis/store.ts";
export type { WorkerFacts } from "./worker/account.ts";
export { ClusterWorker, type ClusterWorkerOptions } from "./worker/cluster-worker.ts";
