import { Piscina } from "piscina";
import { beside } from "./beside.ts";
import type { PassTask, TaskReply } from "./protocol.ts";

/** Worker threads that run tasks; the only place that knows Piscina. */
export interface Pool {
  readonly threads: number;
  /** Rejects when the worker dies; failures of the task itself are replies. */
  run(task: PassTask): Promise<TaskReply>;
  /** Ends the threads at once; tasks under way reject. */
  close(): Promise<void>;
}

/** @param workerUrl the worker entry, where a bundler has moved it */
export function createPool(threads: number, workerUrl: URL | string = beside("worker", import.meta.url)): Pool {
  const pool = new Piscina({
    filename: workerUrl.toString(),
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    recordTiming: false,
  });
  const waiting = new Set<(reason: Error) => void>();
  let startFailure: Error | undefined;
  // Told of workers that die without a task. Piscina starts no more of them once one fails while starting, so what
  // waits for a pool without threads would wait for ever.
  pool.on("error", (error: Error) => {
    if (pool.threads.length > 0) return;
    startFailure = error;
    for (const reject of waiting) reject(error);
  });
  return {
    threads,
    run(task) {
      if (startFailure !== undefined) return Promise.reject(startFailure);
      return new Promise((resolve, reject) => {
        waiting.add(reject);
        (pool.run(task) as Promise<TaskReply>).then(resolve, reject).finally(() => waiting.delete(reject));
      });
    },
    close: () => pool.destroy(),
  };
}
