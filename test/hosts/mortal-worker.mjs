// A worker that dies once: the first to take a task ends. The file in EMIX_MARKER makes it the only one.
import { closeSync, openSync } from "node:fs";
import * as worker from "emix/worker";

export * from "emix/worker";

export function runTask(task) {
  if (!isFirst()) return worker.runTask(task);
  process.exit(3);
}

function isFirst() {
  try {
    closeSync(openSync(process.env.EMIX_MARKER, "wx"));
    return true;
  } catch {
    return false;
  }
}
