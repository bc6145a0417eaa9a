import { workerData } from "node:worker_threads";

// A thread of worker.ts that ends the process when its processor time is over: a mutant may never come back from
// WebAssembly, and on a busy machine no clock on the wall can tell that from waiting.

/** in milliseconds of processor time, as the main thread last said */
const end = workerData as Float64Array;

setInterval(() => {
  const { user, system } = process.cpuUsage();
  if ((user + system) / 1000 > end[0]) process.kill(process.pid, "SIGKILL");
}, 50);
