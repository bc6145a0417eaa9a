import type { Broker, JobCounts } from "../redis/broker.ts";
import type { WorkerFacts } from "../worker/account.ts";

/** A worker that is connected. */
export interface WorkerStatus extends JobCounts {
  readonly name: string;
  /** its last report, some seconds old; null: it has not reported recently, as if it hung */
  readonly facts: WorkerFacts | null;
}

/** What a cluster is at. */
export interface ClusterStatus {
  /** those that are connected */
  readonly workers: readonly WorkerStatus[];
  /** jobs that any worker may take, since the one they were for is lost */
  readonly forAny: JobCounts;
}

export async function statusOf(broker: Broker): Promise<ClusterStatus> {
  const names = await broker.workers();
  return {
    workers: await Promise.all(names.map((name) => workerStatus(broker, name))),
    forAny: await broker.countsOf(null),
  };
}

async function workerStatus(broker: Broker, name: string): Promise<WorkerStatus> {
  const [text, counts] = await Promise.all([broker.store.readNote(name), broker.countsOf(name)]);
  return { name, ...counts, facts: text === null ? null : (JSON.parse(text) as WorkerFacts) };
}
