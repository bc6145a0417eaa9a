import { Worker } from "node:worker_threads";
import { type EmixError, toPlainError } from "@emix/core";
import { wrap } from "comlink";
import { engineClosed, engineLost } from "../../errors.ts";
import { fromMessage, toMessage } from "../../messages/message.ts";
import { startThreads } from "../../thread-modules.ts";
import type { Backend, BackendOptions, Outcome } from "../backend.ts";
import type { Tell } from "../steps.ts";
import { nodeEndpoint } from "./endpoint.ts";
import type { RemoteEngine, ToldSteps } from "./engine-thread.ts";

/**
 * A backend in a thread of its own, so that the caller's event loop stays free.
 * @param engineUrl the module of that thread
 */
export function remoteBackend(options: BackendOptions, engineUrl: string): Backend {
  const worker = startThreads(() => new Worker(new URL(engineUrl), { workerData: options, execArgv: [] }));
  const remote = wrap<RemoteEngine>(nodeEndpoint(worker));
  const pending = new Set<(outcome: Outcome) => void>();
  const listeners = new Map<number, Tell>();
  let jobs = 0;
  let ended: Outcome | undefined;

  // Comlink never answers for a dead thread, so this answers every call under way and every later one.
  const end = (error: EmixError) => {
    ended ??= { ok: false, error: toPlainError(error) };
    for (const resolve of pending) resolve(ended);
    pending.clear();
  };
  worker.once("error", (error) => end(engineLost(error instanceof Error ? error.message : String(error))));
  worker.once("exit", (code) => end(engineLost(`exit code ${code}`)));
  // Outcomes come on the same way, so a job's steps have all come when it ends.
  worker.on("message", (told: Partial<ToldSteps>) => {
    if (told.job !== undefined && told.steps) listeners.get(told.job)?.(fromMessage(told.steps));
  });
  worker.unref();

  /** The answer to a call, also if the thread dies. */
  const answerTo = (call: () => Promise<Outcome>): Promise<Outcome> => {
    if (ended !== undefined) return Promise.resolve(ended);
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome) => {
        // The thread's own answer may come after `end` gave one. It must not let go of a thread that is being closed.
        if (!pending.delete(settle)) return;
        // A thread with work keeps the process alive; an idle one does not.
        if (pending.size === 0) worker.unref();
        resolve(outcome);
      };
      if (pending.size === 0) worker.ref();
      pending.add(settle);
      call().then(settle, reject);
    });
  };

  return {
    perform(request, tell) {
      const job = jobs++;
      listeners.set(job, tell);
      const outcome = answerTo(async () => fromMessage(await remote.perform(toMessage(request), job)));
      return outcome.finally(() => listeners.delete(job));
    },

    ready: () => answerTo(() => remote.ready()),

    warmUp() {
      remote.warmUp().catch(() => {});
    },

    collect() {
      remote.collect().catch(() => {});
    },

    get usable() {
      return ended === undefined;
    },

    async close() {
      end(engineClosed());
      await worker.terminate();
    },
  };
}
