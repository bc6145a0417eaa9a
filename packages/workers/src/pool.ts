import { Piscina } from "piscina";
import { fromMessage, type Message, toMessage } from "./messages/message.ts";
import type { PassTask, StartReply, StartTask, TaskReply } from "./messages/protocol.ts";
import { startThreads } from "./thread-modules.ts";

/** Worker threads that run tasks. Only this file knows Piscina. */
export interface Pool {
  readonly threads: number;
  /** Done once every worker has started. */
  ready(): Promise<void>;
  /** Rejects if the worker dies. Failures of the task itself are replies. */
  run(task: Message<PassTask>): Promise<TaskReply>;
  /** As `run`, for a start that one worker makes. */
  start(task: StartTask): Promise<StartReply>;
  /** Ends the threads at once. Tasks under way reject. */
  close(): Promise<void>;
}

/** @param workerUrl the module of the workers */
export function createPool(threads: number, workerUrl: string): Pool {
  const setting = { minThreads: threads, maxThreads: threads, concurrentTasksPerWorker: 1, recordTiming: false };
  const pool = startThreads(() => new Piscina({ filename: workerUrl, ...setting }));
  const waiting = new Set<(reason: Error) => void>();
  let startFailure: Error | undefined;
  // Called when a worker dies without a task. If one fails while starting, Piscina starts no more of them, and tasks
  // would wait forever for a pool without threads.
  pool.on("error", (error: Error) => {
    if (pool.threads.length > 0) return;
    startFailure = error;
    for (const reject of waiting) reject(error);
  });
  function ask<R>(name: string, task: Message<unknown>): Promise<R> {
    if (startFailure !== undefined) return Promise.reject(startFailure);
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      (pool.run(task, { name }) as Promise<R>).then(resolve, reject).finally(() => waiting.delete(reject));
    });
  }
  return {
    threads,
    async ready() {
      await Promise.all(Array.from({ length: threads }, () => ask("wake", toMessage(undefined))));
    },
    run: (task) => ask("runTask", task),
    start: async (task) => fromMessage(await ask<Message<StartReply>>("runStart", toMessage(task))),
    close: () => pool.destroy(),
  };
}
