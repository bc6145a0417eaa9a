import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ClusterWorkerOptions } from "emix";

/** A worker of a cluster in a process of its own. */
export interface WorkerProcess {
  readonly name: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const MODULE = fileURLToPath(new URL("cluster-worker.ts", import.meta.url));

export async function startWorker(options: ClusterWorkerOptions): Promise<WorkerProcess> {
  const child: ChildProcess = spawn(process.execPath, [MODULE, JSON.stringify({ threads: 1, ...options })], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  let name = "";
  for await (const text of child.stdout ?? []) {
    name += String(text);
    if (name.includes("\n")) break;
  }
  return {
    name: name.trim(),
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill(signal);
      if (signal === "SIGKILL" || signal === "SIGTERM") await ended;
    },
  };
}
