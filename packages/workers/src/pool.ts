import { Piscina } from "piscina";
import { beside } from "./beside.ts";
import type { PassTask, TaskReply } from "./protocol.ts";

/** Worker threads that run tasks. Only this file knows Piscina. */
export interface Pool {
  readonly threads: number;
  /** Rejects if the worker dies. Failures of the task itself are replies. */
  run(task: PassTask): Promise<TaskReply>;
  /** Ends the threads at once. Tasks under way reject. */
  close(): Promise<void>;
}

/** @param workerUrl the module of the workers, if a bundler moved it */
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
  // Called when a worker dies without a task. If one fails while starting, Piscina starts no more of them, and tasks
  // would wait forever for a pool without threads.
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
