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
  // Piscina tells of a worker's death twice: by the task's rejection, which is handled, and by this event.
  pool.on("error", () => {});
  return {
    threads,
    run: (task) => pool.run(task) as Promise<TaskReply>,
    close: () => pool.destroy(),
  };
}
