import { setTimeout } from "node:timers/promises";
import { Piscina } from "piscina";
import { fromMessage, type Message, toMessage } from "./messages/message.ts";
import type { PassTask, StartReply, StartTask, TaskReply } from "./messages/protocol.ts";
import { startThreads } from "./thread-modules.ts";

/** Worker threads that run tasks. Only this file knows Piscina. */
export interface Pool {
  readonly threads: number;
  /** Done once every worker has started. */
  ready(): Promise<void>;
  /** Has every worker that is idle collect its garbage; others may do so later. */
  collect(): Promise<void>;
  /** Rejects if the worker dies. Failures of the task itself are replies. */
  run(task: Message<PassTask>): Promise<TaskReply>;
  /** As `run`, for a start that one worker makes. */
  start(task: StartTask): Promise<StartReply>;
  /** Ends all threads, whatever they do, and starts others. Tasks under way reject. */
  replace(): Promise<void>;
  /** Ends the threads at once. Tasks under way reject. */
  close(): Promise<void>;
}

/** The longest that threads are waited for, in milliseconds: one that is blocked in a system call ends later. */
const PATIENCE = { end: 1000, start: 10_000 };

/** @param workerUrl the module of the workers */
export function createPool(threads: number, workerUrl: string): Pool {
  let crew = openCrew(threads, workerUrl);
  let replaced: Promise<void> | undefined;
  // Threads that were ended may write for a moment more, so nobody else works before they are gone.
  const ask = <R>(name: string, task: Message<unknown>): Promise<R> =>
    replaced === undefined ? crew.ask(name, task) : replaced.then(() => crew.ask(name, task));
  return {
    threads,
    ready: () => crew.ready(),
    collect: () => crew.collect(),
    run: (task) => ask("runTask", task),
    start: async (task) => fromMessage(await ask<Message<StartReply>>("runStart", toMessage(task))),
    replace() {
      const change = async () => {
        const former = crew;
        crew = openCrew(threads, workerUrl);
        await former.close();
        await Promise.race([crew.ready(), pause(PATIENCE.start)]);
        replaced = undefined;
      };
      replaced ??= change();
      return replaced;
    },
    close: () => crew.close(),
  };
}

/** Some workers, who come and go together. */
interface Crew {
  ask<R>(name: string, task: Message<unknown>): Promise<R>;
  ready(): Promise<void>;
  collect(): Promise<void>;
  close(): Promise<void>;
}

const pause = (milliseconds: number) => setTimeout(milliseconds, undefined, { ref: false });

function openCrew(threads: number, workerUrl: string): Crew {
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
  const ask = <R>(name: string, task: Message<unknown>): Promise<R> => {
    if (startFailure !== undefined) return Promise.reject(startFailure);
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      (pool.run(task, { name }) as Promise<R>).then(resolve, reject).finally(() => waiting.delete(reject));
    });
  };
  const askAll = async (name: string) => {
    await Promise.all(Array.from({ length: threads }, () => ask(name, toMessage(undefined))));
  };
  return {
    ask,
    ready: () => askAll("wake"),
    collect: () => askAll("collect"),
    async close() {
      await Promise.race([pool.destroy(), pause(PATIENCE.end)]);
    },
  };
}
